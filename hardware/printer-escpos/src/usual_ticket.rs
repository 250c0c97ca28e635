//! The ticket that tests print and benches measure.

use hardware_api::{Block, PaperSlip, TextSize};

/// A usual ticket, in Vietnamese that has everything.
pub(crate) fn ticket() -> PaperSlip {
    let center = |size, text: &str| Block::Center(size, text.to_owned());
    let pair = |label: &str, value: &str| Block::Pair(label.to_owned(), value.to_owned());
    PaperSlip {
        blocks: vec![
            center(TextSize::Large, "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"),
            center(TextSize::Normal, "Phường Nghĩa Đô, thành phố Hà Nội"),
            Block::Rule,
            center(TextSize::Normal, "Số thứ tự của ông/bà"),
            center(TextSize::Giant, "A105"),
            center(TextSize::Large, "Đặng Thị Ngọc Ánh – Quầy số 5 – Hộ tịch"),
            Block::Rule,
            pair("Trước ông/bà còn", "7 người"),
            pair("Dự kiến chờ", "15–25 phút"),
            pair("Lĩnh vực", "Hộ tịch – Đăng ký khai sinh có yếu tố nước ngoài"),
            pair("Lấy số lúc", "08:15, 22/11/2026"),
            Block::Space(2),
            Block::Qr("https://mc.example.vn/v/A105-7Q2K9D".to_owned()),
            center(TextSize::Small, "Quét mã để xem lượt của ông/bà trên điện thoại."),
            center(TextSize::Small, "Giữ phiếu đến khi được gọi."),
        ],
    }
}
