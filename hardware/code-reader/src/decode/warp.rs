//! From modules to pixels: a plane seen in perspective, and paper that is bent.

use super::sighting::Point;

/// Maps places in a symbol, counted in modules from its outer corner, to places in a picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Warp {
    /// The projective map, row by row; the last coefficient is 1.
    plane: [f32; 8],
    bend: Bend,
    size: f32,
}

/// Bent paper: how many modules a place is displaced before it is projected. Zero along the
/// symbol's edges for the first four (half a wave along u or v), and for the last two also in
/// its middle.
pub(crate) type Bend = [f32; 6];

/// Where the middles of the three finders are, and where a fourth in the lower right would be:
/// upper left, upper right, lower right, lower left.
pub(crate) type Corners = [Point; 4];

impl Warp {
    /// The map of a symbol with `size` modules to a side.
    pub(crate) fn new(size: f32, corners: &Corners, bend: Bend) -> Self {
        let unit = square_to(corners);
        // The corners are 3.5 modules inside the symbol.
        let scale = 1.0 / (size - 7.0);
        let offset = -3.5 * scale;
        let [a, b, c, d, e, f, g, h] = unit;
        let end = h.mul_add(offset, g.mul_add(offset, 1.0));
        let along = |u: f32, v: f32, w: f32| [u * scale, v * scale, (u + v).mul_add(offset, w)];
        let ([a, b, c], [d, e, f]) = (along(a, b, c), along(d, e, f));
        let plane = [a, b, c, d, e, f, g * scale, h * scale].map(|value| value / end);
        Self { plane, bend, size }
    }

    /// Where a place of the symbol is in the picture.
    #[inline]
    pub(crate) fn map(&self, u: f32, v: f32) -> Point {
        if self.bend == [0.0; 6] { self.project(u, v) } else { self.bent(u, v) }
    }

    #[inline]
    fn bent(&self, u: f32, v: f32) -> Point {
        let (a, b) = (u / self.size, v / self.size);
        let (wave_a, wave_b) = (4.0 * a * (1.0 - a), 4.0 * b * (1.0 - b));
        let [u_along, v_along, u_across, v_across, u_stretch, v_stretch] = self.bend;
        self.project(
            u + u_along * wave_a + u_across * wave_b + u_stretch * wave_a * (4.0 * a - 2.0),
            v + v_along * wave_a + v_across * wave_b + v_stretch * wave_b * (4.0 * b - 2.0),
        )
    }

    #[inline]
    fn project(&self, u: f32, v: f32) -> Point {
        let [a, b, c, d, e, f, g, h] = self.plane;
        let scale = 1.0 / (g * u + h * v + 1.0);
        Point { x: (a * u + b * v + c) * scale, y: (d * u + e * v + f) * scale }
    }

    /// The symbol's outer corners: upper left, then clockwise.
    pub(crate) fn outline(&self) -> [Point; 4] {
        let end = self.size;
        [self.map(0.0, 0.0), self.map(end, 0.0), self.map(end, end), self.map(0.0, end)]
    }
}

/// The projective map of the unit square to four points (Heckbert, *Fundamentals of Texture
/// Mapping and Image Warping*, 1989, section 2.2.3).
fn square_to([p0, p1, p2, p3]: &Corners) -> [f32; 8] {
    let (dx1, dx2, dx3) = (p1.x - p2.x, p3.x - p2.x, p0.x - p1.x + p2.x - p3.x);
    let (dy1, dy2, dy3) = (p1.y - p2.y, p3.y - p2.y, p0.y - p1.y + p2.y - p3.y);
    let area = dx1 * dy2 - dx2 * dy1;
    let area = if area.abs() < 1e-6 { 1e-6 } else { area };
    let g = (dx3 * dy2 - dx2 * dy3) / area;
    let h = (dx1 * dy3 - dx3 * dy1) / area;
    [
        p1.x - p0.x + g * p1.x,
        p3.x - p0.x + h * p3.x,
        p0.x,
        p1.y - p0.y + g * p1.y,
        p3.y - p0.y + h * p3.y,
        p0.y,
        g,
        h,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Point, b: Point) -> bool {
        (a.x - b.x).abs() < 0.01 && (a.y - b.y).abs() < 0.01
    }

    #[test]
    fn the_finders_middles_fall_on_their_corners_however_seen() {
        let at = |x, y| Point { x, y };
        let views: [Corners; 3] = [
            [at(10.0, 10.0), at(110.0, 10.0), at(110.0, 110.0), at(10.0, 110.0)],
            [at(50.0, 3.0), at(90.0, 60.0), at(40.0, 95.0), at(2.0, 44.0)],
            [at(10.0, 10.0), at(110.0, 25.0), at(90.0, 80.0), at(20.0, 120.0)],
        ];
        for corners in views {
            for bend in [[0.0; 6], [0.0; 6].map(|_| 0.01)] {
                let warp = Warp::new(25.0, &corners, bend);
                let places = [(3.5, 3.5), (21.5, 3.5), (21.5, 21.5), (3.5, 21.5)];
                for ((u, v), corner) in places.into_iter().zip(corners) {
                    let moved = bend[0] * 20.0;
                    let is = warp.map(u, v);
                    assert!(near(is, corner) || moved > 0.0, "{is:?} {corner:?}");
                }
            }
        }
    }

    #[test]
    fn bent_paper_keeps_its_edges_and_moves_its_middle() {
        let square = [(3.5, 3.5), (21.5, 3.5), (21.5, 21.5), (3.5, 21.5)];
        let corners = square.map(|(x, y)| Point { x, y });
        let warp = Warp::new(25.0, &corners, [2.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        for (u, v, x, y) in [(0.0, 12.0, 0.0, 12.0), (25.0, 4.0, 25.0, 4.0), (12.5, 4.0, 14.5, 5.0)]
        {
            assert!(near(warp.map(u, v), Point { x, y }), "{u}, {v}: {:?}", warp.map(u, v));
        }
    }
}
