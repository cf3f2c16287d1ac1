// The staffing page: answers while one types, and draws the table as a chart. The table is the chart's only source.

import uPlot from "../vendor/uplot.esm.js";

const HEIGHT = 260;
let chart;
let typing;

// Where the queue grows without end there is no curve: the place is shaded, and says so.
function shadeOverloaded(operators, levels, words) {
  return (plot) => {
    const last = levels.findLastIndex((level) => level === null);
    if (last < 0) return;
    const { ctx, bbox } = plot;
    const next = Math.min(last + 1, operators.length - 1);
    const end = plot.valToPos((operators[last] + operators[next]) / 2, "x", true);
    ctx.save();
    ctx.fillStyle = colour("--bad-soft");
    ctx.fillRect(bbox.left, bbox.top, end - bbox.left, bbox.height);
    ctx.fillStyle = colour("--bad");
    ctx.font = `${12 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(words, (bbox.left + end) / 2, bbox.top + bbox.height / 2, end - bbox.left);
    ctx.restore();
  };
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw() {
  const table = document.getElementById("staffing-table");
  const place = document.getElementById("staffing-chart");
  chart?.destroy();
  chart = undefined;
  if (!table || !place) return;
  const rows = [...table.querySelectorAll("tr[data-operators]")];
  const operators = rows.map((row) => Number(row.dataset.operators));
  const levels = rows.map((row) => (row.dataset.level ? Number(row.dataset.level) : null));
  const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line") }, ticks: { stroke: colour("--line") } };
  chart = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      scales: { x: { time: false }, y: { range: [0, 100] } },
      hooks: { drawAxes: [shadeOverloaded(operators, levels, `▲ ${table.dataset.overloaded}`)] },
      axes: [
        { ...axis, label: table.dataset.x, incrs: [1, 2, 5, 10] },
        { ...axis, label: table.dataset.y, values: (_, ticks) => ticks.map((tick) => `${tick} %`) },
      ],
      series: [
        { label: table.dataset.x },
        {
          label: table.dataset.y,
          stroke: colour("--accent"),
          width: 2,
          points: { show: true, size: 7, fill: colour("--accent") },
          value: (_, level) => (level === null ? "-" : `${level.toFixed(1)} %`),
        },
        { label: `${Number(table.dataset.target)} %`, stroke: colour("--good"), dash: [6, 4], points: { show: false } },
      ],
    },
    [operators, levels, operators.map(() => Number(table.dataset.target))],
    place,
  );
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("#staffing-form");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => form.requestSubmit(), 250);
});
document.addEventListener("desk:drawn", draw);
addEventListener("resize", () => chart?.setSize({ width: document.getElementById("staffing-chart").clientWidth, height: HEIGHT }));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
draw();
