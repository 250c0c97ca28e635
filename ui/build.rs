//! Compiles the pages. Element names stay in debug builds, so that tests find what they tap.

fn main() -> Result<(), slint_build::CompileError> {
    let release = std::env::var_os("PROFILE").is_some_and(|profile| profile == "release");
    let config = slint_build::CompilerConfiguration::new()
        .with_style("fluent-light".into())
        .with_bundled_translations("lang")
        .with_default_translation_context(slint_build::DefaultTranslationContext::None)
        .with_debug_info(!release);
    slint_build::compile_with_config("slint/app.slint", config)
}
