//! Writes a picture of every page: `cargo run -p ui --example gallery -- DIR [WxH] [vi|en] [NAME]`.

use std::{fs::File, io::BufWriter, path::Path, time::Duration};

use domain::Language;
use i_slint_backend_testing::{TestingBackend, TestingBackendOptions, mock_elapsed_time};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |at: usize| arguments.get(at).map(String::as_str);
    let directory = Path::new(argument(0).unwrap_or("gallery"));
    let (width, height) = argument(1).unwrap_or("1080x1920").split_once('x').ok_or("no size")?;
    let language = match argument(2) {
        Some("en") => Language::En,
        _ => Language::Vi,
    };
    slint::platform::set_platform(Box::new(TestingBackend::new(TestingBackendOptions {
        mock_time: true,
        threading: false,
        renderer_name: Some("software".into()),
    })))?;
    std::fs::create_dir_all(directory)?;
    let ui = ui::Ui::new(|_| ())?;
    ui.window().set_size(slint::PhysicalSize::new(width.parse()?, height.parse()?));
    ui.open()?;
    for (name, mut screen) in ui::gallery::screens() {
        if argument(3).is_some_and(|wanted| !name.contains(wanted)) {
            continue;
        }
        screen.language = language;
        ui.show(&screen);
        mock_elapsed_time(Duration::from_millis(400));
        let picture = ui.window().take_snapshot()?;
        let file = BufWriter::new(File::create(directory.join(format!("{name}.png")))?);
        let mut encoder = png::Encoder::new(file, picture.width(), picture.height());
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(picture.as_bytes())?;
    }
    Ok(())
}
