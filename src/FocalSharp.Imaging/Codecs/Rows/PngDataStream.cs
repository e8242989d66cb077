using System.Buffers.Binary;

namespace FocalSharp.Imaging.Codecs.Rows;

/// <summary>The compressed data of a PNG file: the content of its IDAT chunks, one after another. Other chunks are skipped.</summary>
internal sealed class PngDataStream : Stream
{
    private const int IhdrEnd = 33;
    private const int MaxPaletteBytes = 3 * 256;
    private const int ChecksumLength = 4;

    private readonly Stream _file;
    private long _left;
    private long _next = IhdrEnd;
    private bool _hasData;

    /// <summary>Reads the chunks before the first data.</summary>
    /// <param name="file">The file, which must be seekable; it stays open.</param>
    public PngDataStream(Stream file)
    {
        _file = file;
        FindData();
    }

    /// <summary>Gets the palette, 256 times red, green and blue; colors that the file lacks are black.</summary>
    public byte[] Palette { get; } = new byte[MaxPaletteBytes];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (_left == 0 && FindData())
        {
        }

        int read = _file.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left = read == 0 ? 0 : _left - read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Moves to the next data. Returns whether there is any.
    private bool FindData()
    {
        Span<byte> chunk = stackalloc byte[8];
        while (_next < _file.Length)
        {
            _file.Position = _next;
            if (_file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) < chunk.Length)
            {
                break;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            _next += chunk.Length + length + ChecksumLength;
            if (chunk[4..].SequenceEqual("IDAT"u8))
            {
                (_left, _hasData) = (length, true);
                return true;
            }

            if (chunk[4..].SequenceEqual("PLTE"u8) && !_hasData)
            {
                int bytes = (int)Math.Min(length, MaxPaletteBytes);
                _ = _file.ReadAtLeast(Palette.AsSpan(0, bytes), bytes, throwOnEndOfStream: false);
            }
        }

        return false;
    }
}
