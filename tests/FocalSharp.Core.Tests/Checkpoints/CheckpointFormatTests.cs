using System.Buffers.Binary;
using System.Text;
using FocalSharp.Checkpoints;

namespace FocalSharp.Core.Tests.Checkpoints;

public sealed class CheckpointFormatTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint-format").FullName;

    // A safetensors file begins with the length of its header, whose low bytes may be a pickle's first byte or a zip's "PK".
    [Theory]
    [InlineData(0x80)]
    [InlineData(0x280)]
    [InlineData('P' | ('K' << 8))]
    public void A_safetensors_file_is_recognized_for_any_header_length(int length)
    {
        string header = """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""".PadRight(length);
        byte[] file = new byte[8 + length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(file, length);
        Encoding.ASCII.GetBytes(header, file.AsSpan(8));
        string path = Path.Combine(_folder, "model.safetensors");
        File.WriteAllBytes(path, file);

        Assert.Equal(["w"], Checkpoint.Read(path).Weights.Names);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
