//! The words of the officers' pages, Vietnamese and English.

use domain::{Evidence, Language, Sex};

/// The same words in both languages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) &'static str, pub(super) &'static str);

impl Words {
    /// The wording in `language`.
    pub(super) fn say(self, language: Language) -> &'static str {
        match language {
            Language::Vi => self.0,
            Language::En => self.1,
        }
    }
}

macro_rules! words {
    ($($name:ident $vi:literal $en:literal;)*) => {
        $(pub(super) const $name: Words = Words($vi, $en);)*
    };
}

words! {
    INTAKE "Tiếp nhận hồ sơ" "Dossier intake";
    OTHER_LANGUAGE "English" "Tiếng Việt";
    LOG_IN "Đăng nhập" "Log in";
    LOG_OUT "Đăng xuất" "Log out";
    ACCOUNT "Tài khoản" "Account";
    PASSWORD "Mật khẩu" "Password";
    LOG_IN_WRONG "Tài khoản hoặc mật khẩu không đúng. Vui lòng nhập lại."
        "Account or password is wrong. Please type them again.";
    LOG_IN_LOCKED "Sai quá nhiều lần. Vui lòng thử lại sau ít phút."
        "Too many wrong attempts. Please try again in a few minutes.";

    DOSSIERS "Hồ sơ" "Dossiers";
    ALL "Tất cả" "All";
    SEARCH "Tìm" "Search";
    SEARCH_CODE "Mã hồ sơ" "Dossier code";
    NOTHING "Chưa có hồ sơ nào. Hồ sơ nộp tại ki-ốt sẽ hiện ở đây."
        "There are no dossiers yet. Those handed in at a kiosk appear here.";
    NOTHING_FOUND "Không có hồ sơ nào khớp với điều kiện tìm." "No dossier matches the search.";
    SHOW_ALL "Xem tất cả hồ sơ" "Show all dossiers";
    NEWER "Mới hơn" "Newer";
    OLDER "Cũ hơn" "Older";
    RECEIVED_AT "Nhận lúc" "Arrived";
    PROCEDURE "Thủ tục" "Procedure";
    STATUS "Trạng thái" "Status";
    KIOSK "Ki-ốt" "Kiosk";
    BACK "Danh sách hồ sơ" "All dossiers";

    APPLICANT "Người nộp" "Applicant";
    NAME "Họ và tên" "Full name";
    PERSONAL_NUMBER "Số định danh cá nhân" "Personal number";
    SHOW "Hiện đủ số" "Show all digits";
    SHOW_IS_LOGGED "Việc xem được ghi lại." "Looking is recorded.";
    BIRTH_DATE "Ngày sinh" "Date of birth";
    SEX "Giới tính" "Sex";
    RESIDENCE "Nơi cư trú" "Residence";
    ISSUE_DATE "Ngày cấp thẻ" "Card issued";
    EVIDENCE "Mức xác thực" "Evidence";
    SUBMITTED_AT "Nộp lúc" "Handed in";
    SUBMISSION "Mã lần nộp" "Submission";
    ANSWERS "Nội dung khai" "Answers";
    EMPTY "(để trống)" "(left empty)";
    YES "Có" "Yes";
    NO "Không" "No";
    DOCUMENTS "Giấy tờ" "Documents";
    NO_DOCUMENTS "Không có giấy tờ." "No documents.";
    PAGE "trang" "page";
    PAGES "trang" "pages";
    OPEN "Mở PDF" "Open PDF";
    SIGNED "Có chữ ký số, chưa kiểm tra" "Digitally signed, not verified";
    NOT_SIGNED "Không ký số" "Not signed";
    HISTORY "Quá trình" "History";
    BY_KIOSK "Ki-ốt" "Kiosk";

    ACCEPT "Tiếp nhận" "Accept";
    REFUSE "Không tiếp nhận" "Do not accept";
    BEGIN "Bắt đầu xử lý" "Begin processing";
    FINISH "Đã xử lý xong" "Processing finished";
    GIVE_RESULT "Đã trả kết quả" "Result handed over";
    REASON "Lý do" "Reason";
    REASON_HINT "Người nộp sẽ đọc được lý do này." "The applicant will read this reason.";
    CONFIRM_REFUSE "Xác nhận không tiếp nhận" "Confirm: do not accept";
    NEXT_STEP "Bước tiếp theo" "Next step";
    NO_NEXT_STEP "Không còn bước nào." "There is no further step.";

    NOT_FOUND "Không tìm thấy trang này." "This page does not exist.";
    FAILED "Hệ thống đang gặp sự cố. Vui lòng thử lại." "Something went wrong. Please try again.";
    FORM_OLD "Trang đã cũ. Vui lòng tải lại và làm lại."
        "This page is out of date. Please load it again.";
    REASON_MISSING "Cần ghi lý do (tối đa 1000 ký tự)." "A reason is needed (at most 1000 letters).";
    TURNED_MEANWHILE "Hồ sơ không còn ở trạng thái cho phép bước này; có thể người khác vừa xử lý."
        "The dossier is no longer in a status that allows this; somebody else may have handled it.";
}

/// How sure we are who it is.
pub(super) fn evidence(evidence: Evidence) -> Words {
    match evidence {
        Evidence::Typed => Words("Tự khai, chưa kiểm chứng", "Typed, not checked"),
        Evidence::Code => Words("Mã QR trên thẻ (có thể giả)", "Code on the card (forgeable)"),
        Evidence::ChipIntegrity => Words("Chip, dữ liệu nguyên vẹn", "Chip, data unaltered"),
        Evidence::ChipTrusted => Words("Chip, cơ quan cấp tin cậy", "Chip, trusted issuer"),
    }
}

/// Sex as forms have it.
pub(super) fn sex(sex: Sex) -> Words {
    match sex {
        Sex::Male => Words("Nam", "Male"),
        Sex::Female => Words("Nữ", "Female"),
    }
}
