# Sourced by setup: Rust, where there is none.
# shellcheck shell=bash

# rustup's own installer by its digest, as https://rustup.rs tells, but for no shell's start files.
rustup_from_its_makers() { # TOOLCHAIN
    local target installer digest
    target=$(uname -m)-unknown-linux-gnu
    case $target in
        x86_64-*) digest=20a06e644b0d9bd2fbdbfd52d42540bdde820ea7df86e92e533c073da0cdd43c ;;
        aarch64-*) digest=e3853c5a252fca15252d07cb23a1bdd9377a8c6f3efa01531109281ae47f841c ;;
        *) die "no Rust for $target: install it as https://rustup.rs tells" ;;
    esac
    step "Rust $1"
    installer=$(mktemp)
    curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 \
        --output "$installer" "https://static.rust-lang.org/rustup/archive/1.28.2/$target/rustup-init"
    sha256sum --check --status <<<"$digest  $installer" || die "rustup-init is not the one expected"
    chmod +x "$installer"
    # It goes by its name.
    (exec -a rustup-init "$installer" -y --quiet --no-modify-path --profile minimal \
        --component clippy,rustfmt --default-toolchain "$1")
    rm "$installer"
}

rust() {
    local wanted has
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    has=$(rustc --version 2>/dev/null | cut -d' ' -f2) || true
    if [[ -z $has ]]; then
        rustup_from_its_makers "$wanted"
        return
    fi
    printf '%s\n%s\n' "$wanted" "$has" | sort -VC ||
        die "Rust $wanted or newer is needed, here is $has: rustup update stable"
}
