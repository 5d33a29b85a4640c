import type { ByteSink } from '../../../model/modelSink';
import type { JobControl } from '../../../progress';
import { archiveBytes, type NpzMember } from '../npzMember';
import { NpzWriter } from '../npzWriter';

/** Writes an archive of these members. @throws UnsupportedError, IoError, FormatError, CancelledError. */
export async function writeMembers(
  members: readonly NpzMember[],
  sink: ByteSink,
  control: JobControl,
): Promise<void> {
  const total = archiveBytes(members);
  let done = 0;
  const writer = new NpzWriter({
    async write(byteOffset, bytes) {
      await sink.write(byteOffset, bytes);
      done = Math.max(done, byteOffset + bytes.length);
      control.report({ phase: 'write', done, total });
    },
  });
  for (const member of members) await writer.addMember(member, control);
  await writer.finish();
}
