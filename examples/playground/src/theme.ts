// Light, dark, or as the system has it.

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const KEY = 'vaultmoat-theme';

/** A button that goes from one theme to the next. */
export function themeButton(button: HTMLButtonElement): void {
  const show = (theme: Theme): void => {
    document.documentElement.dataset['theme'] = theme;
    button.textContent = { auto: '◐', light: '☀', dark: '☾' }[theme];
    button.title = `theme: ${theme}`;
    button.setAttribute('aria-label', `theme: ${theme}`);
  };
  let theme = stored();
  show(theme);
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
    show(theme);
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // It is forgotten with the page, then.
    }
  });
}

function stored(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    return 'auto';
  }
}
