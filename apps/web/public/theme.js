// Before the first paint, so that nobody sees the wrong theme: the choice is a cookie, which both edges share.
const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
if (theme) document.documentElement.dataset.theme = theme;
