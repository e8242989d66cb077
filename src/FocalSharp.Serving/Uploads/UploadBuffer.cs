using System.Buffers;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// Bytes that grow as they arrive, up to a bound. Small ones are rented; large ones are not, since a pool keeps an array of every size for
/// every thread that once brought one: gigabytes, after a while of large uploads. Not safe for several threads; dispose it once.
/// </summary>
/// <param name="max">Most bytes that are asked of it.</param>
internal sealed class UploadBuffer(int max) : IDisposable
{
    private const int InitialLength = 1 << 16;
    private const int MaxPooledLength = 1 << 20;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(InitialLength, max));

    /// <summary>How many bytes are in it.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes that are in it.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    /// <summary>Adds what the stream gives at once.</summary>
    /// <returns>Whether it gave any.</returns>
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
