import type { Product } from '@shop/contracts/catalog.ts';
import type { ComponentProps, SyntheticEvent } from 'react';
import { atCurrentEdge, atOtherEdge } from '../api/edges.ts';

/** One transparent pixel: without any source, browsers draw a frame around the picture. */
const nothing = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

/** Tries the other edge, once; after that its place stays empty. */
function retryElsewhere({ currentTarget: image }: SyntheticEvent<HTMLImageElement>): void {
  const elsewhere = atOtherEdge(image.currentSrc || image.src);
  image.removeAttribute('srcset');
  image.src = elsewhere && !image.dataset.retried ? elsewhere : nothing;
  image.dataset.retried = 'true';
}

type Props = Omit<ComponentProps<'img'>, 'src' | 'alt'> & {
  src: string;
  alt: string;
  images?: Product['images'];
  /** One of the first pictures on the screen: not lazy. */
  eager?: boolean;
};

/** A square picture in as many sizes as exist. Its place is reserved before it has loaded. */
export function Picture({ src, alt, images = [], eager = false, className = '', sizes, ...rest }: Props) {
  const srcSet = images.map(({ url, width }) => `${atCurrentEdge(url)} ${width}w`).join(', ');
  return (
    <img
      {...rest}
      alt={alt}
      src={atCurrentEdge(src)}
      srcSet={srcSet || undefined}
      sizes={srcSet ? sizes : undefined}
      width={640}
      height={640}
      loading={eager ? 'eager' : 'lazy'}
      fetchPriority={eager ? 'high' : 'auto'}
      decoding="async"
      onError={retryElsewhere}
      className={`picture aspect-square object-cover ${className}`}
    />
  );
}

/** The sizes that exist of a product's picture: the seed's have two, an uploaded one may have one. */
export const smallPicture = (imageUrl: string) => imageUrl.replace(/-640\.webp$/, '-320.webp');
