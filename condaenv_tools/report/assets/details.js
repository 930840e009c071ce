// What is said of the package that was chosen. Texts of packages go in as text, never as HTML.

function make(tag, text = null, classes = '') {
  const made = document.createElement(tag);
  if (text !== null) made.textContent = text;
  if (classes) made.className = classes;
  return made;
}

function linkTo(node, text = titleOf(node)) {
  const button = make('button', text, 'link');
  button.type = 'button';
  button.addEventListener('click', () => {
    choose(node);
    element('details-title').focus();
  });
  return button;
}

function section(body, title, items, tag = 'ul') {
  if (!items.length) return;
  body.append(make('h3', title));
  const list = make(tag);
  list.append(...items);
  body.append(list);
}

function item(...parts) {
  const made = make('li');
  made.append(...parts);
  return made;
}

// One item for each package, with all that is said of it: a record may speak of another one twice.
function edgeItems(edges, end) {
  const said = new Map();
  for (const edge of [...edges].sort((a, b) => (a[end].name < b[end].name ? -1 : 1))) {
    const made = said.get(edge[end]);
    if (made) made.append(' and ');
    else said.set(edge[end], item(linkTo(edge[end]), ' '));
    said.get(edge[end]).append(make('span', edge.spec, 'spec'));
    if (edge.broken) said.get(edge[end]).append(make('strong', ' (does not hold)', 'bad'));
  }
  return [...said.values()];
}

function recordOf(node) {
  const rows = [
    ['version', node.version], ['build', node.build], ['kind', node.kind], ['comes from', ORIGINS[node.ecosystem]],
    ['channel', node.channel], ['size', node.ecosystem === 'virtual' ? null : bytesAsText(node.size)],
    ['licence', node.ecosystem === 'conda' ? node.licence || 'not known' : node.licence],
  ];
  if (node.cost) {
    const what = counted(node.cost.packages, 'package', 'packages');
    rows.push(['costs alone', `${what}, ${bytesAsText(node.cost.bytes)}`]);
  }
  const list = make('dl');
  for (const [term, value] of rows) {
    if (value !== null) list.append(make('dt', term), make('dd', value));
  }
  return list;
}

function chainItems(graph, node) {
  const chain = chainTo(graph, node);
  if (!chain) return [item('no chain leads to it from what was asked for')];
  const nodes = chain.length ? [chain[0].from, ...chain.map((edge) => edge.to)] : [node];
  return nodes.map((one) => (one === node ? item(titleOf(one)) : item(linkTo(one))));
}

function elsewhere(node) {
  return source.platforms.filter((one) => one.name !== state.graph.name).map((one) => {
    const other = graphNamed(one.name).byId.get(node.id);
    return item(`${one.name}: ${other ? other.version || 'there' : 'not there'}`);
  });
}

function showDetails() {
  const { graph, chosen: node } = state;
  const body = element('details-body');
  element('details-title').textContent = node ? node.name : 'No package chosen';
  if (!node) {
    body.replaceChildren(make('p', 'Click a package, search for one with /, or choose one in the list below.'));
    return;
  }
  body.replaceChildren(recordOf(node));
  const faults = [...node.missing.map((spec) => `needs ${spec}, and nothing of that name is there`),
    ...graph.edges.filter((e) => e.broken && e.from === node).map((e) => `${e.kind === 'depends' ? 'needs' : 'allows only'} `
      + `${e.spec}, and there is ${titleOf(e.to)}`),
    ...graph.edges.filter((e) => e.broken && e.to === node && e.from !== node).map((e) => `${e.from.name} `
      + `${e.kind === 'depends' ? 'needs' : 'allows only'} ${e.spec}`)];
  section(body, 'Conflicts', faults.map((text) => {
    const made = item(text);
    made.className = 'bad';
    return made;
  }));
  section(body, 'Asked for', node.asked.map(([spec, place]) => item(make('span', spec, 'spec'), ` in ${place}`)));
  const chain = graph.rootsKnown ? 'Chain from what was asked for' : 'Chain from what nothing needs';
  section(body, chain, chainItems(graph, node), 'ol');
  section(body, `Needed by (${packagesAt(node.neededBy, 'from')})`, edgeItems(node.neededBy, 'from'));
  section(body, `Needs (${packagesAt(node.needs, 'to')})`, edgeItems(node.needs, 'to'));
  const other = (kind, end) => node.other.filter((edge) => edge.kind === kind && edge[end] === node);
  section(body, 'Allows only', edgeItems(other('constrains', 'from'), 'to'));
  section(body, 'Held by', edgeItems(other('constrains', 'to'), 'from'));
  section(body, 'The same as', node.other.filter((edge) => edge.kind === 'same-as')
    .map((edge) => item(linkTo(edge.from === node ? edge.to : edge.from))));
  section(body, 'On other platforms', elsewhere(node));
  body.parentElement.scrollTop = 0;
}

function showConflicts() {
  const { graph } = state;
  const found = [];
  for (const node of graph.nodes) {
    for (const spec of node.missing) found.push(item(linkTo(node), ` needs ${spec}, which is not there`));
  }
  for (const edge of graph.edges.filter((one) => one.broken)) {
    const verb = edge.kind === 'depends' ? 'needs' : 'allows only';
    found.push(item(linkTo(edge.from), ` ${verb} ${edge.spec}, and there is ${titleOf(edge.to)}`));
  }
  element('conflicts-title').textContent = found.length ? `Conflicts (${found.length})` : 'Conflicts';
  const list = element('conflicts').querySelector('ul');
  list.replaceChildren(...(found.length ? found : [make('li', 'none', 'none')]));
}
