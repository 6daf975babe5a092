// Where the page begins.

import './style/theme.css'
import './style/base.css'
import './style/layout.css'
import './style/views.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'

createRoot(document.querySelector('#page')!).render(<App />)
