using System.Text;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Tests.Loop;

public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    // RFC 3720, appendix B.4, and the usual check word.
    public static TheoryData<byte[], uint> ChecksumVectors => new()
    {
        { new byte[32], 0x8A9136AA },
        { [.. Enumerable.Repeat((byte)0xFF, 32)], 0x62A8AB43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46DD794E },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113FDB5C },
        { "123456789"u8.ToArray(), 0xE3069283 },
    };

    [Theory]
    [MemberData(nameof(ChecksumVectors))]
    public void Checksums_are_Castagnolis(byte[] data, uint expected) => Assert.Equal(expected, Crc32C.Compute(data));

    [Fact]
    public void Starts_with_the_bytes_that_every_event_file_starts_with()
    {
        byte[] bytes = Write(_ => { });

        Assert.Equal([0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22, 0x09], bytes[..13]);
        Assert.EndsWith("brain.Event:2", Encoding.ASCII.GetString(bytes[..^4]), StringComparison.Ordinal);
    }

    [Fact]
    public void Scalars_are_read_back_by_their_field_numbers()
    {
        byte[] bytes = Write(writer =>
        {
            writer.AddScalar("loss/quality", 300, 0.25);
            writer.AddScalar("AP", 301, double.NaN);
        });

        List<byte[]> records = EventFile.Records(bytes);

        Assert.Equal(3, records.Count);
        Dictionary<int, object> first = EventFile.Parse(records[1]);
        Assert.Equal(300UL, first[2]);
        Dictionary<int, object> value = EventFile.Parse((byte[])EventFile.Parse((byte[])first[5])[1]);
        Assert.Equal("loss/quality", Encoding.UTF8.GetString((byte[])value[1]));
        Assert.Equal(0.25f, BitConverter.UInt32BitsToSingle((uint)value[2]));
        Dictionary<int, object> second = EventFile.Parse((byte[])EventFile.Parse((byte[])EventFile.Parse(records[2])[5])[1]);
        Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle((uint)second[2])));
    }

    [Fact]
    public void Pictures_carry_their_size_and_bytes()
    {
        byte[] bytes = Write(writer => writer.AddImage("validation/1", 7, 640, 480, [1, 2, 3]));

        Dictionary<int, object> value = EventFile.Parse((byte[])EventFile.Parse((byte[])EventFile.Parse(EventFile.Records(bytes)[1])[5])[1]);
        Dictionary<int, object> image = EventFile.Parse((byte[])value[4]);

        Assert.Equal((480UL, 640UL, 3UL), ((ulong)image[1], (ulong)image[2], (ulong)image[3]));
        Assert.Equal([1, 2, 3], (byte[])image[4]);
    }

    [Fact]
    public void Is_found_by_TensorBoard_and_refuses_a_missing_folder()
    {
        using TensorBoardWriter writer = new(_temporary.Path);

        Assert.Contains(".tfevents.", Path.GetFileName(writer.Path), StringComparison.Ordinal);
        Assert.Throws<FileException>(() => new TensorBoardWriter(_temporary.In("absent")));
    }

    public void Dispose() => _temporary.Dispose();

    private byte[] Write(Action<TensorBoardWriter> write)
    {
        TensorBoardWriter writer = new(_temporary.Path);
        using (writer)
        {
            write(writer);
        }

        return File.ReadAllBytes(writer.Path);
    }
}
