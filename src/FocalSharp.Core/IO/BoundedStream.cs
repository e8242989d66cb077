namespace FocalSharp.IO;

/// <summary>
/// Reads another stream and throws once it has returned more bytes than allowed, regardless of the announced length: protects against
/// endless uploads and decompression bombs.
/// </summary>
/// <param name="inner">The stream; it is not disposed.</param>
/// <param name="maxBytes">Maximum number of bytes.</param>
/// <param name="error">Creates the exception that is thrown beyond it.</param>
/// <param name="onRead">Is awaited after each asynchronous read with the bytes read so far; null for nothing.</param>
internal sealed class BoundedStream(
    Stream inner, long maxBytes, Func<Exception> error, Func<long, CancellationToken, ValueTask>? onRead = null) : Stream
{
    private long _read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = CheckLimit(await inner.ReadAsync(buffer, cancellationToken));
        if (onRead is not null)
        {
            await onRead(_read, cancellationToken);
        }

        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => CheckLimit(inner.Read(buffer));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int CheckLimit(int read)
    {
        _read += read;
        return _read <= maxBytes ? read : throw error();
    }
}
