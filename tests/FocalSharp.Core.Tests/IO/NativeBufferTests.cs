using FocalSharp.IO;

namespace FocalSharp.Core.Tests.IO;

public sealed class NativeBufferTests
{
    [Fact]
    public void Content_is_preserved_when_it_grows_also_for_memory_taken_before()
    {
        using NativeBuffer buffer = new(4);
        Memory<byte> memory = buffer.Memory;
        new byte[] { 1, 2, 3, 4 }.CopyTo(memory);

        buffer.Resize(1 << 22);
        buffer.Memory.Span[^1] = 9;

        Assert.Equal([1, 2, 3, 4], memory.ToArray());
        Assert.Equal(1 << 22, buffer.Length);
    }

    [Fact]
    public void A_disposed_buffer_gives_no_memory()
    {
        NativeBuffer buffer = new(16);
        ((IDisposable)buffer).Dispose();
        ((IDisposable)buffer).Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.GetSpan().Length);
        Assert.Throws<ObjectDisposedException>(() => buffer.Pin());
        Assert.Throws<ObjectDisposedException>(() => buffer.Resize(32));
    }

    [Fact]
    public void Memory_beyond_the_end_is_refused()
    {
        using NativeBuffer buffer = new(16);

        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Pin(17));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Resize(-1));
    }
}
