import { useEffect, useRef, useState } from 'react';

type Props = { label: string; value: string | undefined; onChange: (value: string | undefined) => void };

const pauseMs = 250;

/**
 * A search field that searches when the typing pauses, or when it is left: a click on something else comes after it.
 */
export function FilterField({ label, value = '', onChange }: Props) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function ask(next: string): void {
    clearTimeout(timer.current);
    if (next !== value) onChange(next || undefined);
  }
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      maxLength={100}
      onChange={({ target }) => {
        setText(target.value);
        clearTimeout(timer.current);
        timer.current = setTimeout(ask, pauseMs, target.value);
      }}
      onBlur={() => ask(text)}
      className="field w-64"
    />
  );
}
