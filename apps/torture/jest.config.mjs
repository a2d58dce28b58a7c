import { jestProject } from '@stanchion/config/jest'

export default jestProject('torture')
