/**
 * The first language tag that `Intl` takes. Some browsers report the language of their environment instead of a tag:
 * `C`, `en_GB.UTF-8`, `de@euro`.
 */
export function firstLocaleOf(tags: readonly (string | null | undefined)[]): string {
  for (const tag of tags) {
    try {
      const [locale] = Intl.getCanonicalLocales((tag ?? '').replace(/[.@].*$/, '').replaceAll('_', '-'));
      if (locale) return locale;
    } catch {
      // No tag at all: the next one may be one.
    }
  }
  return 'en-GB';
}

/** How this page writes and reads numbers and dates. */
export const locale = firstLocaleOf([navigator.language, ...(navigator.languages ?? [])]);
