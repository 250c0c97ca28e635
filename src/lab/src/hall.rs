//! The hall: servers, cables, devices, and the parts of a kiosk that stands in it.

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use app::{Pace, Parts, outbox::Witness};
use center::{CenterConfig, CookieTransport, Counter, Officer, PasswordHash};
use domain::{Bilingual, CounterNo, catalogue::Field};
use province::{KeyFiles, ProvinceConfig};
use settings::Layer;
use simulator::Simulator;
use tokio::{net::TcpListener, runtime::Runtime, task::JoinHandle};

use crate::{Cable, CardField, CardSetup, LabError, TokenSetup, TokenSlot, card, panel};

/// Every account of the lab has this password. The lab listens on loopback only.
pub(crate) const PASSWORD: &str = "motcua-lab";
/// SANE's name of the simulated scanner.
const SCANNER: &str = "airscan:e0:Simulated";

/// Ports for browsers; 0 takes a free one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ports {
    /// The center's console and board.
    pub center: u16,
    /// The province's officers' pages.
    pub province: u16,
    /// The bench panel.
    pub panel: u16,
}

/// How a hall is set up.
pub struct HallSetup {
    /// Where everything is kept.
    pub data: PathBuf,
    /// Ports.
    pub ports: Ports,
    /// `config/` of the project.
    pub config: PathBuf,
    /// The program that holds a device's driver.
    pub worker: PathBuf,
    /// Through what tokens are reached, where the kiosk offers to sign.
    pub token: Option<TokenSetup>,
    /// Of what the card reader is made, where there is one.
    pub card: Option<CardSetup>,
    /// How soon the kiosk misses idle devices and servers.
    pub pace: Pace,
    /// Told of the outbox's steps.
    pub witness: Witness,
}

/// Where browsers find what.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// Console and board.
    pub center: SocketAddr,
    /// Officers' pages.
    pub province: SocketAddr,
    /// Bench panel.
    pub panel: SocketAddr,
}

/// For whoever wants to follow with a browser, with who may log in there.
impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { center, province, panel } = self;
        writeln!(f, "console      http://{center}/console   (quay1 … quay3, password {PASSWORD})")?;
        writeln!(f, "board        http://{center}/board")?;
        writeln!(f, "province     http://{province}/          (canbo, password {PASSWORD})")?;
        write!(f, "bench panel  http://{panel}/")
    }
}

/// A hall with everything running but the kiosk itself.
pub struct Hall {
    /// The devices.
    pub simulator: Arc<Simulator>,
    /// The cable to the center.
    pub center_cable: Cable,
    /// The cable to the province.
    pub province_cable: Cable,
    /// The token's slot.
    pub token: TokenSlot,
    /// Where cards are laid, where there is a reader.
    pub card: Option<CardField>,
    /// Where browsers find what.
    pub addresses: Addresses,
    setup: HallSetup,
    public: PublicKeys,
    servers: Vec<(tokio::sync::oneshot::Sender<()>, JoinHandle<()>)>,
    runtime: Runtime,
}

impl Hall {
    /// Starts servers and devices.
    pub fn open(setup: HallSetup) -> Result<Self, LabError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(LabError::io("threads"))?;
        std::fs::create_dir_all(&setup.data)
            .map_err(LabError::io(setup.data.display().to_string()))?;
        let simulator = Arc::new(Simulator::start(&setup.data)?);
        let keys = setup.data.join("province-keys");
        let public = public_keys(&keys)?;
        let center = listen(&runtime, setup.ports.center)?;
        let province = listen(&runtime, setup.ports.province)?;
        let panel = listen(&runtime, setup.ports.panel)?;
        let addresses = Addresses { center: center.1, province: province.1, panel: panel.1 };
        let cable =
            |server| Cable::lay(runtime.handle(), server).map_err(LabError::io("a loopback port"));
        let (center_cable, province_cable) = (cable(center.1)?, cable(province.1)?);
        let authority = authority(&setup.data);
        let card = setup.card.as_ref().map(|card| CardField::prepare(card, &authority));
        let card = card.transpose()?;
        let mut hall = Self {
            simulator,
            card,
            center_cable,
            province_cable,
            token: TokenSlot::empty(),
            addresses,
            public,
            setup,
            servers: vec![],
            runtime,
        };
        hall.start_center(center.0)?;
        hall.start_province(province.0, &keys)?;
        hall.start_panel(panel.0);
        Ok(hall)
    }

    fn start_center(&mut self, listener: TcpListener) -> Result<(), LabError> {
        let config = center_config(&self.setup, self.addresses.center)?;
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let running = center::serve(config, listener, kiosk::os_clock(), stop_signal(stopped));
        let task = self.runtime.spawn(async move {
            if let Err(error) = running.await {
                journal::record!(journal::Event::CenterUnreachable, %error);
            }
        });
        self.servers.push((stop, task));
        Ok(())
    }

    fn start_province(&mut self, listener: TcpListener, keys: &Path) -> Result<(), LabError> {
        let config = province_config(&self.setup, keys)?;
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let clock = province::Clock::system();
        let running = province::serve(config, listener, clock, stop_signal(stopped));
        let task = self.runtime.spawn(async move {
            if let Err(error) = running.await {
                journal::record!(journal::Event::ProvinceUnreachable, %error);
            }
        });
        self.servers.push((stop, task));
        Ok(())
    }

    fn start_panel(&mut self, listener: TcpListener) {
        let bench = panel::Bench {
            simulator: Arc::clone(&self.simulator),
            center: self.center_cable.clone(),
            province: self.province_cable.clone(),
            token: self.token.clone(),
            card: self.card.clone(),
            addresses: self.addresses,
        };
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let task = self.runtime.spawn(panel::serve(bench, listener, stop_signal(stopped)));
        self.servers.push((stop, task));
    }

    /// The parts of the kiosk that stands in this hall, through cables that can be cut.
    pub fn kiosk_parts(&self) -> Result<Parts, LabError> {
        let text = self.kiosk_settings();
        let layers = [Layer::built_in(), Layer { name: "lab".to_owned(), text }];
        let settings = settings::load(&layers).map_err(kiosk::StartError::from)?;
        let runtime = self.runtime.handle().clone();
        let HallSetup { worker, pace, .. } = &self.setup;
        let mut parts = kiosk::parts(&settings, worker, *pace, kiosk::os_clock(), runtime)?;
        parts.devices.token = parts.devices.token.take().map(|token| self.token.around(token));
        parts.outbox.witness = Arc::clone(&self.setup.witness);
        Ok(parts)
    }

    fn kiosk_settings(&self) -> String {
        let TokenSetup { modules, roots, revoked } = self.setup.token.clone().unwrap_or_default();
        let (reader, issuers) = match self.card {
            Some(_) => (card::READER, vec![authority(&self.setup.data)]),
            None => ("", vec![]),
        };
        let ecards = self.setup.card.as_ref().map_or_else(Vec::new, |card| card.ecards.clone());
        format!(
            "[kiosk]\nid = \"lab-1\"\n\
             [center]\nurl = \"http://{center}/\"\n\
             [province]\nurl = \"http://{province}/\"\nsealing_key = \"{sealing}\"\n\
             receipt_keys = [\"{receipt}\"]\n\
             [storage]\nfolder = {storage:?}\n\
             [printer]\nport = \"tcp:{printer}\"\n\
             [scanner]\nname = \"{SCANNER}\"\n\
             [codes]\nreaders = [\"serial:{gun}@9600\", \"image:{camera}\"]\n\
             [card]\nreader = {reader:?}\ntrust = {issuers:?}\necards = {ecards:?}\n\
             [token]\nmodules = {modules:?}\nroots = {roots:?}\nrevoked = {revoked:?}\n",
            center = self.center_cable.address(),
            province = self.province_cable.address(),
            sealing = self.public.sealing,
            receipt = self.public.receipt,
            storage = self.setup.data.join("kiosk"),
            printer = self.simulator.printer.address(),
            gun = self.simulator.gun.path().display(),
            camera = self.simulator.camera.frame().display(),
        )
    }

    /// Where the private key is that opens what this kiosk seals.
    #[must_use]
    pub fn opening_key(&self) -> PathBuf {
        self.setup.data.join("province-keys/opening.key")
    }

    /// Where everything is kept.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.setup.data
    }

    /// Where the kiosk's outbox is.
    #[must_use]
    pub fn outbox(&self) -> PathBuf {
        self.setup.data.join("kiosk/outbox")
    }

    /// Runs the hall's tasks.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }
}

impl Drop for Hall {
    /// Servers finish what they are at.
    fn drop(&mut self) {
        for (stop, task) in self.servers.drain(..) {
            let _gone = stop.send(());
            let wait =
                async { tokio::time::timeout(std::time::Duration::from_secs(5), task).await };
            let _late = self.runtime.block_on(wait);
        }
    }
}

/// Where the certificate lies of who issued the cards of this hall.
fn authority(data: &Path) -> PathBuf {
    data.join("card-issuer.pem")
}

async fn stop_signal(stopped: tokio::sync::oneshot::Receiver<()>) {
    let _dropped = stopped.await;
}

fn listen(runtime: &Runtime, port: u16) -> Result<(TcpListener, SocketAddr), LabError> {
    let what = format!("port {port} on loopback");
    let listener = runtime
        .block_on(TcpListener::bind(("127.0.0.1", port)))
        .map_err(LabError::io(what.clone()))?;
    let address = listener.local_addr().map_err(LabError::io(what))?;
    Ok((listener, address))
}

/// The public halves of the province's keys.
struct PublicKeys {
    sealing: intake::SealingKey,
    receipt: intake::ReceiptKey,
}

/// Keys are made once and kept, like a province's.
fn public_keys(folder: &Path) -> Result<PublicKeys, LabError> {
    let wrong = |error| LabError::Province(Box::new(error));
    let files =
        KeyFiles { opening: folder.join("opening.key"), receipt: folder.join("receipt.pem") };
    if !files.opening.exists() {
        province::keys::generate(folder).map_err(wrong)?;
    }
    let (opening, receipt) = province::keys::load(&files).map_err(wrong)?;
    Ok(PublicKeys { sealing: opening.sealing_key(), receipt: receipt.key() })
}

fn hash() -> Result<String, LabError> {
    province::password::hash(PASSWORD).map_err(|error| LabError::Province(Box::new(error)))
}

/// The offered fields are those of the catalogue; three officers sit at three counters.
fn center_config(setup: &HallSetup, address: SocketAddr) -> Result<CenterConfig, LabError> {
    #[derive(serde::Deserialize)]
    struct Fields {
        fields: Vec<Field>,
    }
    let file = setup.config.join("catalogue/fields.toml");
    let what = file.display().to_string();
    let text = std::fs::read_to_string(&file).map_err(LabError::io(what))?;
    let fields: Fields =
        toml::from_str(&text).map_err(|error| LabError::Center(Box::new(error)))?;
    let password = PasswordHash(hash()?);
    let codes: Vec<_> = fields.fields.iter().map(|field| field.code.clone()).collect();
    let counter = |number: u16| Counter {
        number: CounterNo(number),
        name: Bilingual::new(format!("Quầy số {number}"), format!("Counter {number}")),
        fields: codes.clone(),
    };
    let officer = |number: u16| Officer {
        login: format!("quay{number}"),
        password: password.clone(),
        counter: CounterNo(number),
    };
    Ok(CenterConfig {
        id: "lab".into(),
        name: Bilingual::new(
            "Trung tâm Phục vụ hành chính công phường Thử Nghiệm",
            "Thu Nghiem Ward Public Administration Service Center",
        ),
        listen: address,
        data_dir: setup.data.join("center"),
        public_url: Some(format!("http://{address}")),
        console: CookieTransport::Http,
        fields: fields.fields,
        counters: (1..=3).map(counter).collect(),
        officers: (1..=3).map(officer).collect(),
    })
}

fn province_config(setup: &HallSetup, keys: &Path) -> Result<ProvinceConfig, LabError> {
    let text = format!(
        "agency = \"H40.16\"\n\
         name = {{ vi = \"Tỉnh Thử Nghiệm\", en = \"Thu Nghiem Province\" }}\n\
         listen = \"127.0.0.1:0\"\nreached_by = \"http\"\n\
         data_dir = {data:?}\ncatalogue_dir = {catalogue:?}\n\
         keys = {{ opening = {opening:?}, receipt = {receipt:?} }}\n\
         [[officers]]\naccount = \"canbo\"\nname = \"Nguyễn Văn Cán\"\npassword = \"{password}\"\n",
        data = setup.data.join("province"),
        catalogue = setup.config.join("catalogue"),
        opening = keys.join("opening.key"),
        receipt = keys.join("receipt.pem"),
        password = hash()?,
    );
    toml::from_str(&text).map_err(|error| LabError::Province(Box::new(error)))
}
