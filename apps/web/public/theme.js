// Before the first paint, so that the wrong theme is never shown: the choice is a cookie, which both edges share.
const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
if (theme) document.documentElement.dataset.theme = theme;

// The page consists of modules: without one of them it would stay empty. Errors of elements do not bubble.
addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLScriptElement) document.documentElement.dataset.parts = 'missing';
  },
  true,
);
addEventListener('click', ({ target }) => {
  if (target.id === 'load-again') location.reload();
});
