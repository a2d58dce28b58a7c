import { IconAlertTriangle, IconCornerDownRight, IconCornerUpLeft } from '@tabler/icons-react'
import { Fragment } from 'react'
import { Link } from 'react-router'
import { type QueueRow, tagsOf } from './queue-view.ts'

/** More would be cut off. */
const SOURCES_SHOWN = 2

/** The line under a name: what is wrong, where dead letters go and come from, the tags. */
export function AboutQueue({ queue }: { readonly queue: QueueRow }) {
  const { problems, deadLetterQueue, deadLetterSources } = queue
  const [problem] = problems
  const more = deadLetterSources.length - SOURCES_SHOWN
  return (
    <div className="about">
      {problem !== undefined && (
        <span className={`about-problem is-${problem.severity}`} title={problems.map(({ text }) => text).join(' ')}>
          <IconAlertTriangle size={13} aria-hidden />
          <span className="about-text">{problem.text}</span>
        </span>
      )}
      {deadLetterQueue !== undefined && (
        <span className="about-part">
          <IconCornerDownRight size={13} aria-label="Dead letters go to" />
          <Link to={`/queues/${deadLetterQueue}`} className="about-link">
            {deadLetterQueue}
          </Link>
        </span>
      )}
      {deadLetterSources.length > 0 && (
        <span className="about-part">
          <IconCornerUpLeft size={13} aria-label="Dead letters come from" />
          {deadLetterSources.slice(0, SOURCES_SHOWN).map((source, index) => (
            <Fragment key={source}>
              {index > 0 && ', '}
              <Link to={`/queues/${source}`} className="about-link">
                {source}
              </Link>
            </Fragment>
          ))}
          {more > 0 && ` and ${more} more`}
        </span>
      )}
      {problem === undefined &&
        tagsOf(queue).map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
    </div>
  )
}
