#!/usr/bin/env bash
# Makes a SoftHSM2 token with two signing identities and the test authority that certified them.
# usage: make-token.sh DIR   (does nothing when DIR has one already)
# Afterwards: SOFTHSM2_CONF=DIR/softhsm2.conf, root certificate DIR/ca.pem, PIN 123456.
set -euo pipefail

dir=$(realpath -m "$1")
[ -e "$dir/ready" ] && exit 0
rm -rf "$dir/tokens"
mkdir -p "$dir/tokens"
cd "$dir"

printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$dir" \
    > softhsm2.conf
export SOFTHSM2_CONF=$dir/softhsm2.conf
softhsm2-util --init-token --free --label motcua-lab --so-pin 12345678 --pin 123456 > /dev/null
token() {
    pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label motcua-lab \
        --login --pin 123456 "$@" > /dev/null
}

openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 3650 -utf8 \
    -subj "/C=VN/O=motcua/CN=CA thử nghiệm motcua" -addext keyUsage=critical,keyCertSign,cRLSign \
    2> /dev/null
printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n' \
    > signer.ext

# The keys are born on the token and never leave it.
while read -r id kind name; do
    token --keypairgen --key-type "$kind" --id "$id" --label "$name"
    token --read-object --type pubkey --id "$id" --output-file public.der
    # Only the name is taken from this request; its key is thrown away.
    openssl req -new -newkey rsa:2048 -nodes -keyout /dev/null -utf8 -subj "/C=VN/CN=$name" \
        2> /dev/null |
        openssl x509 -req -force_pubkey public.der -days 3650 -CA ca.pem -CAkey ca.key \
            -extfile signer.ext -outform DER -out certificate.der 2> /dev/null
    token --write-object certificate.der --type cert --id "$id" --label "$name"
done <<< $'01 rsa:2048 Nguyễn Thị Hường\n02 EC:prime256v1 Trần Văn Bình'
touch ready
