// Light, dark, or the system's theme.

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
const KEY = 'vaultmoat-theme';

/** A button that cycles through the themes. */
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
      // Without storage the choice lasts as long as the page.
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
