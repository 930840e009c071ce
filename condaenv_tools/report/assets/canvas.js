// Drawing. A frame is drawn when something changed, never in a loop, and holds only what is in view.

const canvas = element('graph');
const context = canvas.getContext('2d');
// `whole` holds until somebody moves the view: a window of another size then shows the whole again.
const view = { x: 0, y: 0, scale: 1, whole: true };
const LEAST = 0.02;
const MOST = 4;
const FONT = '12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';
const WIDEST = 160;
// Below these scales names cannot be read, and shapes cannot be told apart.
const NAMES_FROM = 0.5;
const SHAPES_FROM = 0.3;
let waiting = 0;

function redraw() {
  if (!waiting) waiting = requestAnimationFrame(draw);
}

// Room for the names is measured once for each graph; what is too long is cut.
function measure(graph) {
  if (graph.measured) return;
  context.font = FONT;
  for (const node of graph.nodes) {
    let label = titleOf(node);
    if (context.measureText(label).width > WIDEST - 16) {
      label = node.name;
      while (label.length > 4 && context.measureText(`${label}…`).width > WIDEST - 16) label = label.slice(0, -1);
      if (label !== node.name) label += '…';
    }
    node.label = label;
    node.width = Math.min(WIDEST, context.measureText(label).width + 16);
  }
  graph.measured = true;
}

function fit() {
  const shown = state.graph.nodes.filter(isShown);
  if (!shown.length) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  const left = Math.min(...shown.map((n) => n.x));
  const right = Math.max(...shown.map((n) => n.x + n.width));
  const top = Math.min(...shown.map((n) => n.y));
  const bottom = Math.max(...shown.map((n) => n.y + HEIGHT));
  const room = 24;
  view.scale = Math.min((width - 2 * room) / (right - left), (height - 2 * room) / (bottom - top), 1.5);
  view.scale = Math.max(LEAST, view.scale);
  view.x = (width - (left + right) * view.scale) / 2;
  view.y = (height - (top + bottom) * view.scale) / 2;
  view.whole = true;
  redraw();
}

function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const scale = Math.min(MOST, Math.max(LEAST, view.scale * factor));
  view.x = x - ((x - view.x) * scale) / view.scale;
  view.y = y - ((y - view.y) * scale) / view.scale;
  view.scale = scale;
  view.whole = false;
  redraw();
}

function pan(x, y) {
  view.x += x;
  view.y += y;
  view.whole = false;
  redraw();
}

// Moves a package into view, near enough to read its name.
function show(node) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (view.scale < NAMES_FROM) {
    view.scale = 0.8;
    view.whole = false;
  }
  const x = view.x + (node.x + node.width / 2) * view.scale;
  const y = view.y + (node.y + HEIGHT / 2) * view.scale;
  if (x < 80 || x > width - 80 || y < 40 || y > height - 40) {
    view.x += width / 2 - x;
    view.y += height / 2 - y;
    view.whole = false;
  }
  redraw();
}

function nodeAt(x, y) {
  const wx = (x - view.x) / view.scale;
  const wy = (y - view.y) / view.scale;
  const slack = Math.max(2, 4 / view.scale);
  let best = null;
  for (const node of state.graph.nodes) {
    const inside = wx >= node.x - slack && wx <= node.x + node.width + slack
      && wy >= node.y - slack && wy <= node.y + HEIGHT + slack;
    if (inside && isShown(node)) {
      const distance = Math.abs(node.y + HEIGHT / 2 - wy);
      if (!best || distance < best.distance) best = { node, distance };
    }
  }
  return best && best.node;
}

function resize() {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  return ratio;
}

function boundsInView() {
  return {
    left: -view.x / view.scale, top: -view.y / view.scale,
    right: (canvas.clientWidth - view.x) / view.scale, bottom: (canvas.clientHeight - view.y) / view.scale,
  };
}

function draw() {
  waiting = 0;
  if (!state.graph) return;
  const ratio = resize();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colours.back;
  context.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  context.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y);
  const bounds = boundsInView();
  drawEdges(bounds);
  drawNodes(bounds);
}

function trace(edge) {
  const forward = edge.to.x > edge.from.x;
  const x1 = edge.from.x + (forward ? edge.from.width : edge.from.width / 2);
  const x2 = edge.to.x + (forward ? 0 : edge.to.width / 2);
  const y1 = edge.from.y + HEIGHT / 2;
  const y2 = edge.to.y + HEIGHT / 2;
  context.moveTo(x1, y1);
  if (view.scale < SHAPES_FROM) {
    context.lineTo(x2, y2);
  } else {
    const bend = forward ? Math.max(30, (x2 - x1) / 2) : 60;
    context.bezierCurveTo(x1 + bend, y1, forward ? x2 - bend : x2 + bend, y2, x2, y2);
  }
}

function drawEdges(bounds) {
  const chain = new Set(state.chosen ? chainTo(state.graph, state.chosen) || [] : []);
  const layers = { plain: [], constrains: [], 'same-as': [], needs: [], needed: [], chain: [], conflict: [] };
  for (const edge of state.graph.edges) {
    const { from, to } = edge;
    // With the bend of a line that goes back, nothing reaches farther than this.
    if (Math.max(from.x, to.x) + WIDEST + 60 < bounds.left || Math.min(from.x, to.x) - 60 > bounds.right) continue;
    if (Math.max(from.y, to.y) + HEIGHT < bounds.top || Math.min(from.y, to.y) > bounds.bottom) continue;
    const wanted = edge.broken || chain.has(edge) || state.edges.has(edge.kind);
    if (!wanted || !isShown(from) || !isShown(to)) continue;
    if (edge.broken) layers.conflict.push(edge);
    else if (chain.has(edge)) layers.chain.push(edge);
    else if (edge.kind !== 'depends') layers[edge.kind].push(edge);
    else if (from === state.chosen) layers.needs.push(edge);
    else if (to === state.chosen) layers.needed.push(edge);
    else layers.plain.push(edge);
  }
  // The more lines there are, the fainter each, so that a bundle and not a blot is seen.
  const faint = state.chosen ? 0.07 : Math.min(0.8, Math.max(0.13, 8 / Math.sqrt(layers.plain.length + 1)));
  stroke(layers.plain, colours.edge, 1, faint);
  stroke(layers.constrains, colours.edge, 1.2, 0.7, [6, 4]);
  stroke(layers['same-as'], colours.edge, 1.4, 0.9, [2, 3]);
  stroke(layers.needed, colours.needed, 1.6, 0.9);
  stroke(layers.needs, colours.needs, 1.6, 0.9);
  stroke(layers.chain, colours.chain, 3, 1);
  stroke(layers.conflict, colours.conflict, 2.6, 1);
}

function stroke(edges, colour, width, alpha, dash = []) {
  if (!edges.length) return;
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(width, (0.6 * width) / view.scale);
  context.setLineDash(dash);
  context.beginPath();
  edges.forEach(trace);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function outline(node) {
  const { x, y, width, kind } = node;
  context.beginPath();
  if (kind === 'python') context.roundRect(x, y, width, HEIGHT, 8);
  else if (kind === 'virtual') context.ellipse(x + width / 2, y + HEIGHT / 2, width / 2, HEIGHT / 2, 0, 0, 7);
  else if (kind === 'meta') context.roundRect(x, y, width, HEIGHT, [0, 9, 0, 0]);
  else context.rect(x, y, width, HEIGHT);
}

function drawNodes(bounds) {
  const seen = state.graph.nodes.filter((node) => node.x < bounds.right && node.x + node.width > bounds.left
    && node.y < bounds.bottom && node.y + HEIGHT > bounds.top && isShown(node));
  const near = state.chosen
    ? new Set([state.chosen, ...state.chosen.needs.map((e) => e.to), ...state.chosen.neededBy.map((e) => e.from),
      ...state.chosen.other.map((e) => (e.from === state.chosen ? e.to : e.from)),
      ...(chainTo(state.graph, state.chosen) || []).map((e) => e.from)])
    : null;
  const named = view.scale >= NAMES_FROM;
  context.font = FONT;
  context.textBaseline = 'middle';
  for (const node of seen) {
    const faded = near && !near.has(node) && !node.broken;
    if (faded) {
      // Lines behind a faded package must not show through it.
      context.globalAlpha = 1;
      context.fillStyle = colours.back;
      context.fillRect(node.x, node.y, node.width, HEIGHT);
    }
    context.globalAlpha = faded ? 0.35 : 1;
    context.fillStyle = colours[node.kind];
    if (view.scale < SHAPES_FROM) {
      context.fillRect(node.x, node.y, node.width, HEIGHT);
      frame(node, true);
    } else {
      outline(node);
      context.fill();
      frame(node, false);
    }
    if (named) {
      context.fillStyle = colours['node-text'];
      context.fillText(node.label, node.x + 8, node.y + HEIGHT / 2 + 0.5);
    }
  }
  context.globalAlpha = 1;
  if (state.chosen) mark(state.chosen);
  const always = [state.chosen, state.hovered].filter((node) => node && isShown(node));
  if (!named) always.forEach(sign);
}

function frame(node, plain) {
  context.strokeStyle = node.broken ? colours.conflict : colours.frame;
  const width = node.broken || node.root ? 2.5 : 1;
  context.lineWidth = plain ? width / view.scale / 2.5 : width;
  if (node.kind === 'virtual') context.setLineDash([4, 3]);
  if (plain) context.strokeRect(node.x, node.y, node.width, HEIGHT);
  else context.stroke();
  context.setLineDash([]);
  if (!plain && node.ecosystem === 'pypi') {
    context.lineWidth = 1;
    context.strokeRect(node.x + 3, node.y + 3, node.width - 6, HEIGHT - 6);
  }
  // A conflict is told by a sign, too: not everybody sees its colour.
  if (!plain && node.broken) {
    context.fillStyle = colours.conflict;
    context.fillText('!', node.x - 10, node.y + HEIGHT / 2);
  }
}

function mark(node) {
  const room = 3 / view.scale;
  context.strokeStyle = colours.focus;
  context.lineWidth = Math.max(2, 2.5 / view.scale);
  context.strokeRect(node.x - room, node.y - room, node.width + 2 * room, HEIGHT + 2 * room);
}

// The name beside a package, in the size of the screen, where the whole is too small for names.
function sign(node) {
  const size = 1 / view.scale;
  context.save();
  context.translate(node.x, node.y - 6 * size);
  context.scale(size, size);
  const width = context.measureText(titleOf(node)).width + 12;
  context.fillStyle = colours.back;
  context.strokeStyle = colours.focus;
  context.lineWidth = 1;
  context.fillRect(0, -20, width, 20);
  context.strokeRect(0, -20, width, 20);
  context.fillStyle = colours.text;
  context.fillText(titleOf(node), 6, -10);
  context.restore();
}
