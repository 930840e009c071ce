// The colours of the style sheet, for the canvas: they follow the theme, and paper is light.

const NAMES = [
  'back', 'text', 'dim', 'python', 'native', 'virtual', 'meta', 'node-text', 'edge', 'needs', 'needed', 'chain',
  'conflict', 'focus', 'frame',
];
const PAPER = {
  back: '#ffffff', text: '#000000', dim: '#444444', python: '#dbeafe', native: '#fde68a', virtual: '#e5e7eb',
  meta: '#ede9fe', 'node-text': '#000000', edge: '#7d8894', needs: '#0550ae', needed: '#8a3ab9', chain: '#1a7f37',
  conflict: '#c1121f', focus: '#0550ae', frame: '#4b5563',
};
let colours = {};

function readColours() {
  if (matchMedia('print').matches) {
    colours = PAPER;
    return;
  }
  const style = getComputedStyle(document.documentElement);
  colours = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
