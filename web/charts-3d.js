// charts-3d.js - the same as charts-2d.js, and surfaces with paths on them.
const Plotly = require("./charts-2d.js");
Plotly.register([require("plotly.js/lib/surface"), require("plotly.js/lib/scatter3d")]);
module.exports = Plotly;
