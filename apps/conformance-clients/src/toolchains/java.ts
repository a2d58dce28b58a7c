import { delimiter, join } from 'node:path'
import type { Toolchain } from '../toolchain.ts'

/** Maven brings the packages, the compiler of the JDK does the rest. */
export const java: Toolchain = {
  needs: [
    { command: 'java', args: ['-version'], before: 'version', atLeast: [17, 0] },
    { command: 'javac', args: ['-version'], before: 'javac', atLeast: [17, 0] },
    { command: 'mvn', args: ['--version'], before: 'Maven', atLeast: [3, 6] },
  ],
  install: ({ manifest, program }, { source, shared, installed }) => [
    {
      command: 'mvn',
      args: [
        ...['--batch-mode', '--quiet', '--file', join(source, manifest)],
        'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
        `-DoutputDirectory=${join(installed, 'lib')}`,
      ],
    },
    {
      command: 'javac',
      args: [
        ...['-encoding', 'UTF-8', '-parameters', '-cp', join(installed, 'lib', '*'), '-d', join(installed, 'classes')],
        ...[join(shared, 'Steps.java'), join(source, `${program}.java`)],
      ],
    },
  ],
  start: ({ program }, { source, installed }) => ({
    command: 'java',
    args: [
      '-Dfile.encoding=UTF-8',
      // Short programs are quicker without the compiler that pays off later.
      '-XX:TieredStopAtLevel=1',
      '-cp',
      [join(installed, 'classes'), source, join(installed, 'lib', '*')].join(delimiter),
      program,
    ],
  }),
}
