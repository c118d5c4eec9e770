// charts-2d.js - the part of Plotly that draws curves, bars, maps of colours and contours.
const Plotly = require("plotly.js/lib/core");
Plotly.register([
  require("plotly.js/lib/bar"),
  require("plotly.js/lib/heatmap"),
  require("plotly.js/lib/contour"),
]);
module.exports = Plotly;
