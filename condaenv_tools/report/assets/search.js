// Search with suggestions: a combobox whose list is walked with the arrow keys.

const MANY = 12;
const input = element('search');
const suggestions = element('suggestions');
let found = [];
let active = -1;

// The best first: the name itself, names that begin so, names that hold it.
function search(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const ranked = [];
  for (const node of state.graph.nodes) {
    const name = node.name.toLowerCase();
    const rank = name === wanted || node.id.toLowerCase() === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : 3;
    if (rank < 3) ranked.push([rank, name, node]);
  }
  ranked.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0));
  return ranked.map((one) => one[2]);
}

function closeSuggestions() {
  suggestions.hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
  active = -1;
}

function suggest() {
  const all = search(input.value);
  found = all.slice(0, MANY);
  active = -1;
  input.removeAttribute('aria-activedescendant');
  suggestions.replaceChildren(...found.map((node, i) => {
    const option = make('li');
    option.id = `suggestion-${i}`;
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', 'false');
    option.append(make('span', titleOf(node)), ' ', make('span', `${node.kind}, ${ORIGINS[node.ecosystem]}`, 'about'));
    option.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      take(node);
    });
    return option;
  }));
  const asked = input.value.trim() !== '';
  if (asked && all.length > MANY) suggestions.append(note(`… and ${all.length - MANY} more`));
  if (asked && !all.length) suggestions.append(note('no package of this platform has that in its name'));
  suggestions.hidden = !asked;
  input.setAttribute('aria-expanded', String(asked));
  if (asked) say(`${counted(all.length, 'package', 'packages')} found`);
}

function note(text) {
  const made = make('li', text, 'empty');
  made.setAttribute('role', 'presentation');
  return made;
}

function take(node) {
  closeSuggestions();
  choose(node);
  canvas.focus();
}

function activate(index) {
  if (!found.length) return;
  active = (index + found.length) % found.length;
  found.forEach((_, i) => element(`suggestion-${i}`).setAttribute('aria-selected', String(i === active)));
  input.setAttribute('aria-activedescendant', `suggestion-${active}`);
}

input.addEventListener('input', suggest);
input.addEventListener('focus', () => input.value && suggest());
input.addEventListener('blur', closeSuggestions);
input.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown') activate(active + 1);
  else if (event.key === 'ArrowUp') activate(active < 0 ? -1 : active - 1);
  else if (event.key === 'Enter' && found.length) take(found[Math.max(0, active)]);
  else if (event.key === 'Escape' && !suggestions.hidden) closeSuggestions();
  else if (event.key === 'Escape') canvas.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof Element && event.target.closest('input, select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/' && !typing) {
    event.preventDefault();
    input.focus();
    input.select();
  } else if (event.key === 'Escape' && state.chosen) {
    choose(null);
    canvas.focus();
  }
});
