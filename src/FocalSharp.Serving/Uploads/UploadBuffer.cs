using FocalSharp.IO;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// A buffer that grows as bytes arrive, up to a maximum. Its memory is native: the garbage collector would hold many large arrays of a short life, and
/// a pool an array per size and thread, which adds up to gigabytes after many large uploads. Not thread-safe.
/// </summary>
/// <param name="max">The maximum number of bytes.</param>
internal sealed class UploadBuffer(int max) : IDisposable
{
    private const int InitialLength = 1 << 16;

    private readonly NativeBuffer _bytes = new(Math.Min(InitialLength, max));

    /// <summary>Gets the number of bytes in the buffer.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the bytes in the buffer.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Memory[..Length];

    /// <summary>Appends the bytes of one read.</summary>
    /// <returns>True unless the stream is at its end.</returns>
    public async ValueTask<bool> ReadFromAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (Length == _bytes.Length)
        {
            _bytes.Resize((int)Math.Min(2L * _bytes.Length, Math.Max(max, _bytes.Length + 1L)));
        }

        int read = await stream.ReadAsync(_bytes.Memory[Length..], cancellationToken);
        Length += read;
        return read > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_bytes).Dispose();
}
