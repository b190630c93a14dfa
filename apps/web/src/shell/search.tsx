import { maxQueryLength } from '@shop/contracts/values.ts';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { Search as SearchIcon } from 'lucide';
import { type ComponentType, useRef, useState } from 'react';
import { Icon } from '../components/icon.tsx';
import type { SearchBoxProps } from './search-box.tsx';
import { searchFieldStyle } from './search-style.ts';

const loadBox = () => import('./search-box.tsx');

/**
 * The search of the header. It is a plain field until a pointer or the focus comes near it. Then the field with
 * suggestions replaces it and takes over the typed text.
 */
export function Search() {
  const [Box, setBox] = useState<ComponentType<SearchBoxProps>>();
  // The text that was typed before the box came, and into which search.
  const typed = useRef({ q: '', text: '' });
  const navigate = useNavigate();
  const q = useRouterState({
    select: ({ location: { pathname, search } }) =>
      (pathname === '/search' && (search as { q?: string }).q) || '',
  });
  const begin = (q: string) => {
    const isTyped = typed.current.q === q && typed.current.text !== '';
    return { text: isTyped ? typed.current.text : q, isTyped };
  };
  const submit = (text: string) => {
    if (text.trim()) void navigate({ to: '/search', search: { q: text.trim() } });
  };
  const plain = (
    <input
      key={q}
      type="search"
      name="q"
      aria-label="Search the shop"
      placeholder="Search for something nice"
      autoComplete="off"
      defaultValue={q}
      maxLength={maxQueryLength}
      onPointerEnter={() => void loadBox()}
      onFocus={({ currentTarget }) =>
        void loadBox().then((loaded) => {
          // The change is one step, also while the field has the focus, so no key press is lost. If the part cannot be
          // loaded because the edge is gone, the plain field stays.
          if (loaded && document.activeElement === currentTarget) setBox(() => loaded.default);
        })
      }
      onInput={(event) => {
        typed.current = { q, text: event.currentTarget.value };
      }}
      className={searchFieldStyle}
    />
  );
  return (
    <search>
      <form
        action="/search"
        className="relative"
        onSubmit={(event) => {
          event.preventDefault();
          submit(String(new FormData(event.currentTarget).get('q') ?? ''));
        }}
      >
        {Box ? <Box key={q} initial={() => begin(q)} onSearch={submit} /> : plain}
        {/* Enter needs it, too: without a button, a form with more than one field is not sent, and the box has a hidden one. */}
        <button
          type="submit"
          aria-label="Search"
          className="absolute top-0.5 left-1 grid size-10 place-items-center rounded-full text-muted hover:text-ink"
        >
          <Icon of={SearchIcon} size={18} />
        </button>
      </form>
    </search>
  );
}
