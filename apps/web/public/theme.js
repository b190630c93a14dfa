// Before the first paint, so that the wrong theme is never shown: the choice is a cookie, which both edges share.
const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
if (theme) document.documentElement.dataset.theme = theme;
