using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace LogApi.Web.Commands.Verify;

/// <summary>Reads a file line by line, in as much memory as its longest line takes.</summary>
internal static class FileLines
{
    /// <summary>The longest line: an entry of 64 KiB, every character escaped, with its attributes and its proof, takes less than 1 MiB.</summary>
    public const int MaxLineBytes = 4 * 1024 * 1024;

    private const int Block = 64 * 1024;

    /// <summary>Gives the first line; empty when it is too long.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadFirstAsync(FileStream file, CancellationToken cancellationToken)
    {
        await foreach (var line in ReadAsync(file, cancellationToken)) return line.ToArray();
        return default;
    }

    /// <summary>Gives the last line that is not blank; empty when it is too long.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadLastAsync(FileStream file, CancellationToken cancellationToken)
    {
        for (var length = Math.Min(Block, file.Length); ; length = Math.Min(Math.Min(2 * length, MaxLineBytes), file.Length))
        {
            file.Position = file.Length - length;
            var end = new byte[length];
            await file.ReadExactlyAsync(end, cancellationToken);
            var text = end.AsMemory().TrimEnd(" \t\r\n"u8);
            var feed = text.Span.LastIndexOf((byte)'\n');
            if (feed >= 0) return text[(feed + 1)..];
            if (length == file.Length) return text;
            if (length == MaxLineBytes) return default;
        }
    }

    /// <summary>
    /// Gives all lines, each of use until the next is asked for. One that is too long comes as an empty one.
    /// </summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(FileStream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        file.Position = 0;
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: Block, leaveOpen: true));
        var line = new ArrayBufferWriter<byte>();
        var (isTooLong, isOver) = (false, false);
        try
        {
            while (!isOver)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } feed)
                {
                    isTooLong |= !TryAdd(line, rest.Slice(0, feed));
                    rest = rest.Slice(rest.GetPosition(1, feed));
                    yield return isTooLong ? default : line.WrittenMemory;
                    line.ResetWrittenCount();
                    isTooLong = false;
                }

                isTooLong |= !TryAdd(line, rest);
                reader.AdvanceTo(read.Buffer.End);
                isOver = read.IsCompleted;
            }

            if (line.WrittenCount > 0 || isTooLong) yield return isTooLong ? default : line.WrittenMemory;
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static bool TryAdd(ArrayBufferWriter<byte> line, ReadOnlySequence<byte> part)
    {
        if (line.WrittenCount + part.Length > MaxLineBytes) return false;
        foreach (var segment in part) line.Write(segment.Span);
        return true;
    }
}
