// walk_ground.js - two variables: heights of the ground, as they are or as logarithms.

// Ground whose walls are far higher than most of it shows its valley in logarithms only.
export function wantsLog(surface) {
  const heights = surface.f.flat().filter((f) => f !== null).sort((a, b) => a - b);
  if (heights.length < 2) return false;
  const low = heights[0], middle = heights[heights.length >> 1], high = heights.at(-1);
  return high - low > 20 * (middle - low);
}

export class Ground {
  constructor(surface, runs) {
    this.surface = surface;
    this.log = wantsLog(surface);
    const heights = surface.f.flat().filter((f) => f !== null);
    const visited = runs.flatMap((run) => run.points.f.filter((f) => f !== null));
    this.low = [...heights, ...visited].reduce((a, b) => Math.min(a, b), Infinity);
    this.high = heights.reduce((a, b) => Math.max(a, b), -Infinity);
    this.least = (this.high - this.low || 1) * 1e-4; // nearer to the lowest than this all is one: a grid misses the bottom of a valley
  }

  height(f) {
    if (f === null || f === undefined) return null;
    return this.log ? Math.log10(f - this.low + this.least) : f;
  }

  // Balls lie on the ground, not half in it.
  get lift() {
    return 0.035 * (this.height(this.high) - this.height(this.low));
  }

  heights() {
    return this.surface.f.map((row) => row.map((f) => this.height(f)));
  }

  get name() {
    return this.log ? "log f" : "f";
  }
}
