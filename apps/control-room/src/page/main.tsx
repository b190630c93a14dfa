import '@fontsource-variable/figtree/wght.css';
import '@fontsource/fraunces/500.css';
import '@xyflow/react/dist/base.css';
import './styles.css';
import './experiments/experiments.css';
import './map/map.css';
import './service-level/service-level.css';
import './statements/statements.css';
import './verdict/verdict.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Page } from './page.tsx';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
