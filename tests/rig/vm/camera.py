"""The kernel's own video test device, whose output is wired to its input: what the camera sees is
what is put out.
"""

import subprocess

CAMERA, INLET = "/dev/video0", "/dev/video1"
SCENE = "/rig/scene.grey"
# In and out must agree in size, timing and layout, else the camera shows a test picture. Shades of
# grey at full HD are what the kiosk asks a camera for that can take any picture.
FULL_HD = (
    "width=1920,height=1080,interlaced=0,polarities=3,pixelclock=148500000,"
    "hfp=88,hs=44,hbp=148,vfp=4,vs=5,vbp=36"
)
FORMAT = "width=1920,height=1080,pixelformat=GREY"


class Camera:
    def __init__(self) -> None:
        # One device that captures what another puts out, with no tuner between them.
        only = ("node_types=0x101", "num_inputs=1", "input_types=3", "num_outputs=1", "output_types=1")
        subprocess.run(["modprobe", "vivid", "n_devs=1", *only], check=True)

    def show(self) -> None:
        """Puts the scene before the camera."""
        for side in (CAMERA, INLET):
            v4l2(side, f"--set-dv-bt-timings={FULL_HD}")
        v4l2(INLET, f"--set-fmt-video-out={FORMAT}")
        feed = ("--stream-out-mmap", f"--stream-from={SCENE}", "--stream-loop")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.feed = subprocess.Popen(["v4l2-ctl", "-d", INLET, *feed], **quiet)

    def hide(self) -> None:
        self.feed.terminate()
        self.feed.wait()

    def look(self, at_scene: bool) -> None:
        """At the scene, or at the device's own test picture, which holds no code."""
        v4l2(CAMERA, f"--set-ctrl=loop_video={int(at_scene)}")

    def pull(self) -> None:
        """Each call fails from now on, as when a cable is pulled. The device is back when the last
        program has closed it."""
        v4l2(CAMERA, "--set-ctrl=disconnect=1")
        self.hide()


def v4l2(device: str, option: str) -> None:
    subprocess.run(["v4l2-ctl", "-d", device, option], check=True, stdout=subprocess.DEVNULL)
