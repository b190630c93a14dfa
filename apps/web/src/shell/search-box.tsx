import { Autocomplete } from '@base-ui/react/autocomplete';
import { maxQueryLength } from '@shop/contracts/values.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { suggestionsQuery } from '../api/queries.ts';
import { Picture, smallPicture } from '../components/picture.tsx';
import { lineOf } from '../search-params.ts';
import { searchFieldStyle } from './search-style.ts';

type Suggestion = { slug: string; name: string; imageUrl: string };

export type SearchBoxProps = {
  /** Asked when the box appears: a shopper may have typed before, and wants suggestions for that text. */
  initial: () => { text: string; isTyped: boolean };
  onSearch: (q: string) => void;
};

/** The search field with suggestions: a combobox in the sense of ARIA. */
export default function SearchBox({ initial, onSearch }: SearchBoxProps) {
  const navigate = useNavigate();
  const [begin] = useState(initial);
  const [text, setText] = useState(begin.text);
  const asked = useDeferredValue(lineOf(text).trim());
  const { data } = useQuery(suggestionsQuery(asked));
  const items: Suggestion[] = asked ? (data?.items ?? []) : [];

  return (
    <Autocomplete.Root
      items={items}
      mode="none"
      defaultOpen={begin.isTyped}
      value={text}
      onValueChange={(value, { reason }) => {
        if (reason !== 'item-press') setText(value);
      }}
      itemToStringValue={(item: Suggestion) => item.name}
    >
      <Autocomplete.Input
        type="search"
        name="q"
        aria-label="Search the shop"
        placeholder="Search for something nice"
        maxLength={maxQueryLength}
        autoFocus
        className={searchFieldStyle}
      />
      {items.length > 0 && (
        <Autocomplete.Portal>
          {/* It hangs outside of all the page's parts, and is one of its own. */}
          <section aria-label="Suggestions">
            <Autocomplete.Positioner sideOffset={8} className="z-50 outline-none">
              <Autocomplete.Popup className="w-[var(--anchor-width)] overflow-hidden rounded-3xl border border-line bg-raised p-2 shadow-lift">
                <Autocomplete.List>
                  {(item: Suggestion) => (
                    <Autocomplete.Item
                      key={item.slug}
                      value={item}
                      onClick={() => void navigate({ to: '/product/$slug', params: { slug: item.slug } })}
                      className="flex cursor-pointer items-center gap-3 rounded-2xl p-2 data-[highlighted]:bg-sunken"
                    >
                      <Picture src={smallPicture(item.imageUrl)} alt="" className="size-11 rounded-xl" />
                      {item.name}
                    </Autocomplete.Item>
                  )}
                </Autocomplete.List>
                <button
                  type="button"
                  tabIndex={-1}
                  onClick={() => onSearch(text)}
                  className="mt-1 w-full rounded-2xl px-3 py-2.5 text-left text-sm text-accent hover:bg-sunken"
                >
                  All results for “{text.trim()}”
                </button>
              </Autocomplete.Popup>
            </Autocomplete.Positioner>
          </section>
        </Autocomplete.Portal>
      )}
    </Autocomplete.Root>
  );
}
