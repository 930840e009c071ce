// What happens when a choice is made, and the first look.

const say = (text) => {
  element('status').textContent = text;
};

// The choice is part of the address, so that it can be kept; a frame in a notebook may forbid that.
function remember() {
  const parts = [state.graph.name, ...(state.chosen ? [state.chosen.id] : [])];
  try {
    history.replaceState(null, '', `#${parts.map(encodeURIComponent).join('/')}`);
  } catch {
    return;
  }
}

function choose(node, { move = true } = {}) {
  state.chosen = node;
  showDetails();
  if (node && move) show(node);
  redraw();
  remember();
  say(node
    ? `${titleOf(node)}, ${node.kind}${node.root ? ', asked for' : ''}${node.broken ? ', in conflict' : ''}: `
      + `needs ${packagesAt(node.needs, 'to')}, needed by ${packagesAt(node.neededBy, 'from')}`
    : 'no package chosen');
}

function choosePlatform(name, id) {
  state.graph = graphNamed(name);
  state.hovered = null;
  state.chosen = state.graph.byId.get(id) || null;
  element('platform').value = name;
  measure(state.graph);
  showCounts();
  showConflicts();
  showDetails();
  showList();
  fit();
  if (state.chosen) show(state.chosen);
  remember();
}

function showCounts() {
  const { graph } = state;
  element('counts').textContent = `${counted(graph.nodes.length, 'package', 'packages')}, `
    + `${counted(graph.edges.length, 'line', 'lines')}`;
  for (const counter of document.querySelectorAll('[data-counts]')) {
    const [group, value] = counter.dataset.counts.split(' ');
    const all = group === 'edges' ? graph.edges.map((e) => e.kind) : graph.nodes.map((n) => n[group === 'kinds' ? 'kind' : 'ecosystem']);
    counter.textContent = all.filter((one) => one === value).length.toLocaleString('en');
  }
}

function addFilters(group, values, words, sample) {
  for (const value of values) {
    const label = make('label');
    const box = make('input');
    box.type = 'checkbox';
    box.value = value;
    box.checked = state[group].has(value);
    box.addEventListener('change', () => {
      if (box.checked) state[group].add(value);
      else state[group].delete(value);
      redraw();
      showList();
      say(`${counted(state.graph.nodes.filter(isShown).length, 'package', 'packages')} shown`);
    });
    const counter = make('span', '', 'about');
    counter.dataset.counts = `${group} ${value}`;
    label.append(box, ...(sample ? [make('span', null, `${sample} ${value}`)] : []), words[value] || value, counter);
    element(group).append(label);
  }
}

function addLegend(group, samples) {
  for (const [classes, text] of samples) {
    const row = make('div', null, 'sample');
    row.append(make('span', null, classes), text);
    element(group).append(row);
  }
}

function start() {
  readColours();
  addFilters('kinds', KINDS, {}, 'swatch');
  addLegend('kinds', [['swatch asked', 'asked for'], ['swatch conflict', 'in conflict']]);
  addFilters('ecosystems', ECOSYSTEMS, ORIGINS, '');
  addLegend('ecosystems', [['swatch pypi', 'double frame: PyPI']]);
  addFilters('edges', EDGES, { depends: 'needs', constrains: 'allows only', 'same-as': 'the same as' }, 'line');
  addLegend('edges', [['line needs', 'chosen needs'], ['line needed', 'needs chosen'], ['line chain', 'chain'],
    ['line conflict', 'conflict']]);
  const select = element('platform');
  for (const { name } of source.platforms) {
    const option = make('option', name);
    option.value = name;
    select.append(option);
  }
  select.addEventListener('change', () => {
    const kept = state.chosen && state.chosen.id;
    choosePlatform(select.value, kept);
    say(`${select.value}: ${element('counts').textContent}`);
  });
  element('closer').addEventListener('click', () => zoom(1.3));
  element('farther').addEventListener('click', () => zoom(1 / 1.3));
  element('whole').addEventListener('click', fit);
  new ResizeObserver(() => (state.graph && view.whole ? fit() : redraw())).observe(element('stage'));
  for (const media of ['(prefers-color-scheme: dark)', 'print']) {
    matchMedia(media).addEventListener('change', () => {
      readColours();
      redraw();
    });
  }
  window.addEventListener('beforeprint', () => {
    colours = PAPER;
    draw();
  });
  window.addEventListener('afterprint', () => {
    readColours();
    redraw();
  });
  if (!source.platforms.length) {
    element('counts').textContent = 'no platform, and no package';
    return;
  }
  goTo(location.hash);
  window.addEventListener('hashchange', () => goTo(location.hash));
}

function goTo(hash) {
  let parts = [];
  try {
    parts = hash.slice(1).split('/').map(decodeURIComponent);
  } catch {
    parts = [];
  }
  const known = source.platforms.some((one) => one.name === parts[0]);
  choosePlatform(known ? parts[0] : source.platforms[0].name, parts[1]);
}

start();
