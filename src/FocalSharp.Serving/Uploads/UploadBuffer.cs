using System.Buffers;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// A buffer that grows as bytes arrive, up to a maximum. Small arrays are rented; large ones are not, because the shared pool retains an array
/// per size and thread, which adds up to gigabytes after many large uploads. Not thread-safe; dispose it once.
/// </summary>
/// <param name="max">The maximum number of bytes.</param>
internal sealed class UploadBuffer(int max) : IDisposable
{
    private const int InitialLength = 1 << 16;
    private const int MaxPooledLength = 1 << 20;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(InitialLength, max));

    /// <summary>Gets the number of bytes in the buffer.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the bytes in the buffer.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    /// <summary>Appends the bytes of one read.</summary>
    /// <returns>True unless the stream is at its end.</returns>
    public async ValueTask<bool> ReadFromAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (Length == _bytes.Length)
        {
            Grow();
        }

        int read = await stream.ReadAsync(_bytes.AsMemory(Length), cancellationToken);
        Length += read;
        return read > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] bytes = _bytes;
        (_bytes, Length) = ([], 0);
        Return(bytes);
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length is > 0 and <= MaxPooledLength)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Grow()
    {
        int wanted = (int)Math.Min(2L * _bytes.Length, Math.Max(max, _bytes.Length + 1L));
        byte[] grown = wanted <= MaxPooledLength ? ArrayPool<byte>.Shared.Rent(wanted) : GC.AllocateUninitializedArray<byte>(wanted);
        _bytes.CopyTo(grown, 0);
        Return(_bytes);
        _bytes = grown;
    }
}
