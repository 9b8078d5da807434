// Checks what is typed, in a worker, so that typing never waits.

import { createWorkerEngine } from './vaultmoat/dist/browser.js';
import { examples } from './example.js';

const language = /** @type {HTMLSelectElement} */ (document.getElementById('language'));
const template = /** @type {HTMLTextAreaElement} */ (document.getElementById('template'));
const summary = /** @type {HTMLElement} */ (document.getElementById('summary'));
const findings = /** @type {HTMLElement} */ (document.getElementById('findings'));

const start = () => (template.value = examples[language.value] ?? '');
start();
// Whoever is quicker than the engine is not forgotten.
language.addEventListener('change', start);
try {
  const engine = await createWorkerEngine();
  const project = await engine.project();

  const check = async () => {
    void project.set(language.value, template.value);
    try {
      show(await project.check());
    } catch (error) {
      // When a newer text is on its way, its report is too.
      if (!(error instanceof DOMException && error.name === 'AbortError')) summary.textContent = String(error);
    }
  };
  template.addEventListener('input', check);
  language.addEventListener('change', () => {
    for (const path of Object.keys(examples)) void project.remove(path);
    void check();
  });
  await check();
} catch (error) {
  summary.textContent = String(error);
}

/** @param {import('vaultmoat').Report} report */
function show({ diagnostics, summary: { vaults, undecided } }) {
  const open = undecided > 0 ? `, ${undecided} undecided` : '';
  summary.textContent = `${vaults} vault${vaults === 1 ? '' : 's'}, ${diagnostics.length || 'no'} finding${diagnostics.length === 1 ? '' : 's'}${open}`;
  findings.replaceChildren(...diagnostics.map(item));
}

/** @param {import('vaultmoat').Diagnostic} diagnostic */
function item({ rule, severity, message, help, range: { start, end } }) {
  const title = document.createElement('button');
  title.append(strong(severity), ` line ${start.line + 1}: ${message}`);
  title.addEventListener('click', () => {
    template.focus();
    template.setSelectionRange(start.offset, end.offset);
  });
  const more = document.createElement('p');
  more.textContent = help;
  const element = document.createElement('li');
  element.className = severity;
  element.dataset.rule = rule;
  element.append(title, more);
  return element;
}

/** @param {string} text */
function strong(text) {
  const element = document.createElement('strong');
  element.textContent = text;
  return element;
}
