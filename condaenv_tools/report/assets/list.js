// The same as text: a table of all packages that are shown, for eyes, screen readers and paper.

const COLUMNS = [
  ['Package', (node) => node.name], ['Version', (node) => node.version || ''], ['Kind', (node) => node.kind],
  ['Comes from', (node) => ORIGINS[node.ecosystem]], ['Asked for', (node) => (node.root ? 'yes' : '')],
  ['Size', (node) => node.size], ['Needs', (node) => packagesAt(node.needs, 'to')],
  ['Needed by', (node) => packagesAt(node.neededBy, 'from')],
];
const NUMBERS = 5;
const list = element('list');
const order = { column: 0, down: false };

function showHead() {
  list.querySelector('thead tr').replaceChildren(...COLUMNS.map(([title], i) => {
    const cell = make('th', null, i >= NUMBERS ? 'number' : '');
    cell.scope = 'col';
    if (i === order.column) cell.setAttribute('aria-sort', order.down ? 'descending' : 'ascending');
    const button = make('button', title);
    button.type = 'button';
    button.addEventListener('click', () => {
      order.down = order.column === i ? !order.down : i >= NUMBERS;
      order.column = i;
      showList();
      list.querySelectorAll('th button')[i].focus();
    });
    cell.append(button);
    return cell;
  }));
}

function compare(a, b) {
  const [, key] = COLUMNS[order.column];
  const [left, right] = [key(a), key(b)];
  const step = left === right ? 0 : left === null || left < right ? -1 : 1;
  return (order.down ? -step : step) || (a.id < b.id ? -1 : 1);
}

// Hundreds of rows are made only while somebody can see them.
function showList() {
  if (!list.open) return;
  showHead();
  const shown = state.graph.nodes.filter(isShown).sort(compare);
  list.querySelector('caption').textContent = `${counted(shown.length, 'package', 'packages')} of ${state.graph.name}`;
  list.querySelector('tbody').replaceChildren(...shown.map((node) => {
    const row = make('tr');
    COLUMNS.forEach(([, key], i) => {
      const cell = make(i ? 'td' : 'th', null, i >= NUMBERS ? 'number' : '');
      if (!i) cell.scope = 'row';
      if (!i) cell.append(linkTo(node, node.name), node.broken ? make('strong', ' conflict', 'bad') : '');
      else cell.textContent = i === NUMBERS ? (node.size === null ? '' : bytesAsText(node.size)) : key(node);
      row.append(cell);
    });
    return row;
  }));
}

list.addEventListener('toggle', showList);
