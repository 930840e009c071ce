// Mouse, pen, fingers and keys on the canvas.

const STEP = 60;
const held = new Map();
let moved = 0;

const placeOf = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  held.set(event.pointerId, placeOf(event));
  if (held.size === 1) moved = 0;
});

canvas.addEventListener('pointermove', (event) => {
  const [x, y] = placeOf(event);
  const before = held.get(event.pointerId);
  if (!before) {
    hover(nodeAt(x, y));
    return;
  }
  moved += Math.abs(x - before[0]) + Math.abs(y - before[1]);
  const others = [...held].filter(([id]) => id !== event.pointerId);
  if (!others.length) {
    if (moved > 4) canvas.classList.add('moving');
    pan(x - before[0], y - before[1]);
  } else {
    const [ox, oy] = others[0][1];
    const was = Math.hypot(before[0] - ox, before[1] - oy);
    if (was > 0) zoom(Math.hypot(x - ox, y - oy) / was, (x + ox) / 2, (y + oy) / 2);
  }
  held.set(event.pointerId, [x, y]);
});

for (const kind of ['pointerup', 'pointercancel']) {
  canvas.addEventListener(kind, (event) => {
    const known = held.delete(event.pointerId);
    canvas.classList.remove('moving');
    if (!known || kind === 'pointercancel' || held.size || moved > 4) return;
    choose(nodeAt(...placeOf(event)), { move: false });
  });
}

canvas.addEventListener('pointerleave', () => hover(null));

canvas.addEventListener('wheel', (event) => {
  event.preventDefault();
  const lines = event.deltaMode === 1 ? 16 : 1;
  zoom(Math.exp(-event.deltaY * lines * 0.0015), ...placeOf(event));
}, { passive: false });

function hover(node) {
  if (node === state.hovered) return;
  state.hovered = node;
  canvas.title = node ? titleOf(node) : '';
  redraw();
}

// Who comes next within a layer, by row.
function beside(step) {
  const layer = state.graph.nodes.filter((n) => n.column === state.chosen.column && isShown(n));
  layer.sort((a, b) => a.row - b.row);
  return layer[layer.indexOf(state.chosen) + step];
}

const first = (edges, end) => {
  const found = edges.map((edge) => edge[end]).filter((node) => isShown(node) && node !== state.chosen);
  return found.sort((a, b) => a.row - b.row)[0];
};

const WALKS = {
  ArrowRight: () => first(state.chosen.needs, 'to'),
  ArrowLeft: () => first(state.chosen.neededBy, 'from'),
  ArrowDown: () => beside(1),
  ArrowUp: () => beside(-1),
};
const SHIFTS = { ArrowRight: [-STEP, 0], ArrowLeft: [STEP, 0], ArrowDown: [0, -STEP], ArrowUp: [0, STEP] };
const VIEWS = { '+': () => zoom(1.3), '=': () => zoom(1.3), '-': () => zoom(1 / 1.3), 0: fit };

canvas.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (WALKS[event.key] && event.shiftKey) {
    pan(...SHIFTS[event.key]);
  } else if (WALKS[event.key]) {
    const start = state.graph.nodes.find((n) => n.root && isShown(n)) || state.graph.nodes.find(isShown);
    const next = state.chosen ? WALKS[event.key]() : start;
    if (next) choose(next);
  } else if (VIEWS[event.key]) {
    VIEWS[event.key]();
  } else if (event.key === 'Enter' && state.chosen) {
    element('details-title').focus();
  } else {
    return;
  }
  event.preventDefault();
});
