import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const brand: MantineColorsTuple = [
  '#eff0fe',
  '#dddffb',
  '#b9bdf4',
  '#9298ee',
  '#7279e8',
  '#5d65e4',
  '#5159dd',
  '#444bc4',
  '#3b42b0',
  '#30379b',
]

/** Cooler and deeper than Mantine's own, so that cards stand out from the page by light alone. */
const dark: MantineColorsTuple = [
  '#e3e6ee',
  '#c0c6d4',
  '#a3abbd',
  '#77809a',
  '#4b5468',
  '#343c4f',
  '#232a3a',
  '#181e2b',
  '#10141f',
  '#0b0e17',
]

const danger: MantineColorsTuple = [
  '#fff0f0',
  '#fedcdc',
  '#f9b6b6',
  '#f58d8d',
  '#f16a6a',
  '#cf3333',
  '#c62828',
  '#b02020',
  '#9c1a1a',
  '#871313',
]

export const theme = createTheme({
  colors: { brand, dark, danger },
  primaryColor: 'brand',
  primaryShade: { light: 6, dark: 5 },
  autoContrast: false,
  defaultRadius: 'md',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // Colour alone does not tell a link from the text around it.
    Anchor: { defaultProps: { underline: 'always' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } } },
    // Without it the menu holds something that is no item, and screen readers are told so.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.5, blur: 2 },
        // Its header is no banner beside that of the page.
        attributes: { header: { role: 'none' } },
      },
    },
    Table: { defaultProps: { verticalSpacing: 'sm' } },
  },
})

/** Text that Mantine would make too pale for WCAG AA. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f7fb',
    '--mantine-color-dimmed': '#596273',
    '--mantine-color-placeholder': '#6b7385',
    '--mantine-color-error': '#c02626',
    '--mantine-color-anchor': '#3b42b0',
  },
  dark: {
    '--mantine-color-body': '#0b0e17',
    '--mantine-color-dimmed': '#a3abbd',
    '--mantine-color-placeholder': '#8b93a7',
    '--mantine-color-error': '#ff8f8f',
    '--mantine-color-anchor': '#aab0ff',
  },
})
