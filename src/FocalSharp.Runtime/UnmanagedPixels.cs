using System.Buffers;

namespace FocalSharp.Runtime;

/// <summary>Memory that is not the garbage collector's, as <see cref="Memory{T}"/>. Its owner ensures that it stays valid.</summary>
/// <param name="address">The address of the first byte.</param>
/// <param name="length">Its length in bytes.</param>
internal sealed unsafe class UnmanagedPixels(nint address, int length) : MemoryManager<byte>
{
    /// <summary>Detects objects in the pixels of a span, which stays in place during the call.</summary>
    public static Detections Detect(
        IDetector detector, ReadOnlySpan<byte> pixels, int width, int height, PixelFormat format, int stride, DetectOptions? options, CancellationToken cancellationToken)
    {
        fixed (byte* first = pixels)
        {
            Memory<byte> memory = first is null ? Memory<byte>.Empty : new UnmanagedPixels((nint)first, pixels.Length).Memory;
            return detector.Detect(ImageSource.FromPixels(memory, width, height, format, stride), options, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new((void*)address, length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length);
        return new((byte*)address + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
        // The memory does not move.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The memory is not owned.
    }
}
