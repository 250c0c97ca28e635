-- Everything the intake knows. Times are milliseconds since 1970 (UTC); digests lower-case hex.

CREATE TABLE catalogue_editions (
    edition BIGINT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    since BIGINT NOT NULL,
    catalogue TEXT NOT NULL
);

CREATE TABLE dossier_numbers (
    day TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE dossiers (
    code TEXT PRIMARY KEY,
    submission TEXT NOT NULL UNIQUE,
    package_sha256 TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    reason TEXT,
    procedure TEXT NOT NULL,
    procedure_vi TEXT NOT NULL,
    procedure_en TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    manifest TEXT NOT NULL,
    receipt TEXT NOT NULL
);
CREATE INDEX dossiers_by_age ON dossiers (received_at, code);
CREATE INDEX dossiers_by_status ON dossiers (status, received_at, code);

CREATE TABLE status_changes (
    dossier TEXT NOT NULL REFERENCES dossiers (code),
    ordinal INTEGER NOT NULL,
    at BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    officer TEXT,
    reason TEXT,
    PRIMARY KEY (dossier, ordinal)
);

-- Packages that will never be taken, so that the kiosk learns why.
CREATE TABLE refusals (
    submission TEXT NOT NULL,
    package_sha256 TEXT NOT NULL,
    at BIGINT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (submission, package_sha256)
);

CREATE TABLE ratings (
    request TEXT PRIMARY KEY,
    kiosk TEXT NOT NULL,
    submission TEXT,
    rating TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_sha256 TEXT PRIMARY KEY,
    officer TEXT NOT NULL,
    csrf TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Who looked at whose data.
CREATE TABLE accesses (
    at BIGINT NOT NULL,
    officer TEXT NOT NULL,
    dossier TEXT NOT NULL REFERENCES dossiers (code),
    what TEXT NOT NULL
);
CREATE INDEX accesses_by_dossier ON accesses (dossier, at);
