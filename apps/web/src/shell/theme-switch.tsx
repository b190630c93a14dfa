import { Monitor, Moon, Sun } from 'lucide';
import { useObservable } from '../api/observable.ts';
import { Icon } from '../components/icon.tsx';
import { chooseTheme, type Theme, theme, themes } from '../session/theme.ts';

const icons = { system: Monitor, light: Sun, dark: Moon };
const names: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

/** One button that cycles: as the system, light, dark. */
export function ThemeSwitch() {
  const current = useObservable(theme);
  const next = themes[(themes.indexOf(current) + 1) % themes.length]!;
  const label = `Theme: ${names[current]}. Change to ${names[next]}`;
  return (
    <button
      type="button"
      className="icon-button"
      onClick={() => chooseTheme(next)}
      aria-label={label}
      title={label}
    >
      <Icon of={icons[current]} size={20} />
    </button>
  );
}
