import type { Place } from '../shared/place.ts';

/** What a page calls what it shows, and how that is measured. */
interface Words {
  one: string;
  many: string;
  /** Where the shop runs, beside its name. */
  where: string;
  cores: string;
  memory: string;
}

const words: Record<Place['kind'], Words> = {
  compose: {
    one: 'container',
    many: 'containers',
    where: '',
    cores: 'over the last second',
    memory: 'without the page cache',
  },
  kubernetes: {
    one: 'pod',
    many: 'pods',
    where: ' on Kubernetes',
    cores: 'by metrics-server, every 15 s',
    memory: 'with files in use, every 15 s',
  },
};

export const wordsOf = ({ kind }: Place): Words => words[kind];

/** `container` is `Container`. */
export const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1);
