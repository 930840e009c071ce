// The document of the page, and the graph of each platform as objects that know their neighbours.

const source = JSON.parse(document.getElementById('graph-data').textContent);
const KINDS = ['python', 'native', 'virtual', 'meta'];
const ECOSYSTEMS = ['conda', 'pypi', 'virtual'];
const ORIGINS = { conda: 'conda', pypi: 'PyPI', virtual: 'the machine' };
const EDGES = ['depends', 'constrains', 'same-as'];
const COLUMN = 210;
const ROW = 27;
const LOOSEST = 72;
const HEIGHT = 20;

const textOf = (number) => (number < 0 ? null : source.strings[number]);
const element = (id) => document.getElementById(id);

function nodeOf(raw, index, space) {
  const [id, name, version, build, ecosystem, kind, root, channel, size, licence, column, row] = raw;
  return {
    index, size, column, row,
    id: textOf(id), name: textOf(name), version: textOf(version), build: textOf(build), channel: textOf(channel),
    licence: textOf(licence), ecosystem: ECOSYSTEMS[ecosystem], kind: KINDS[kind], root: root === 1,
    x: column * COLUMN, y: row * space, width: 0, label: '', needs: [], neededBy: [], other: [], missing: [],
    asked: [], cost: null, broken: false,
  };
}

// A graph is made when its platform is first shown.
function graphOf(raw) {
  // A small graph gets room, so that it is no thin strip across the window.
  const space = Math.min(LOOSEST, Math.max(ROW, (raw.columns * COLUMN) / (1.7 * Math.max(1, raw.rows))));
  const nodes = raw.nodes.map((node, index) => nodeOf(node, index, space));
  const edges = [];
  for (let i = 0; i < raw.edges.length; i += 5) {
    const [from, to, kind, spec, broken] = raw.edges.slice(i, i + 5);
    const edge = { from: nodes[from], to: nodes[to], kind: EDGES[kind], spec: textOf(spec), broken: broken === 1 };
    edges.push(edge);
    if (edge.kind === 'depends') {
      edge.from.needs.push(edge);
      edge.to.neededBy.push(edge);
    } else {
      edge.from.other.push(edge);
      if (edge.to !== edge.from) edge.to.other.push(edge);
    }
    if (edge.broken) edge.from.broken = edge.to.broken = true;
  }
  for (const [node, spec] of raw.missing) {
    nodes[node].missing.push(textOf(spec));
    nodes[node].broken = true;
  }
  for (const [node, spec, place] of raw.asked) nodes[node].asked.push([textOf(spec), textOf(place)]);
  for (const [node, bytes, packages] of raw.costs) nodes[node].cost = { bytes, packages };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return { name: raw.name, nodes, edges, byId, rootsKnown: raw.rootsKnown, chains: null };
}

const graphs = new Map();
function graphNamed(name) {
  if (!graphs.has(name)) graphs.set(name, graphOf(source.platforms.find((one) => one.name === name)));
  return graphs.get(name);
}

// For each package, who stands before it on a shortest chain from a root: one walk answers for all.
function chainsOf(graph) {
  if (graph.chains) return graph.chains;
  const before = new Map();
  let level = graph.nodes.filter((node) => node.root);
  for (const node of level) before.set(node, null);
  while (level.length) {
    const next = [];
    for (const node of level) {
      for (const edge of node.needs) {
        if (!before.has(edge.to)) {
          before.set(edge.to, edge);
          next.push(edge.to);
        }
      }
    }
    level = next;
  }
  graph.chains = before;
  return before;
}

// The edges of a shortest chain from a root down to a package, or null where no root leads to it.
function chainTo(graph, node) {
  const before = chainsOf(graph);
  if (!before.has(node)) return null;
  const found = [];
  for (let edge = before.get(node); edge; edge = before.get(edge.from)) found.unshift(edge);
  return found;
}

function bytesAsText(bytes) {
  if (bytes === null) return 'not known';
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const titleOf = (node) => (node.version === null ? node.name : `${node.name} ${node.version}`);
const packagesAt = (edges, end) => new Set(edges.map((edge) => edge[end])).size;
const counted = (number, one, many) => `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

// What is shown now; `change` in start.js is the one place that a new choice goes through.
const state = {
  graph: null, chosen: null, hovered: null,
  kinds: new Set(KINDS), ecosystems: new Set(ECOSYSTEMS), edges: new Set(['depends', 'same-as']),
};
const isShown = (node) => node === state.chosen || (state.kinds.has(node.kind) && state.ecosystems.has(node.ecosystem));
