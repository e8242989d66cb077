using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using FocalSharp.Checkpoints;

namespace FocalSharp.Core.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reading_restores_order_and_metadata()
    {
        string path = Path.Combine(_folder, "all.safetensors");
        StateDict state = Sample();

        SafetensorsFile.Write(path, state);
        StateDict read = SafetensorsFile.Read(path);

        Assert.Equal(state.Names, read.Names);
        Assert.Equal(state.Metadata, read.Metadata);
        Assert.Equal(state.Metadata, SafetensorsFile.ReadMetadata(path));
        foreach ((string name, StateTensor tensor) in state)
        {
            Assert.Equal(tensor.Type, read[name].Type);
            Assert.Equal(tensor.Shape, read[name].Shape);
            Assert.Equal(tensor.Data.ToArray(), read[name].Data.ToArray());
        }
    }

    [Fact]
    public void Any_tensors_survive_a_round_trip()
    {
        string path = Path.Combine(_folder, "any.safetensors");
        Gen<StateTensor> tensors =
            from type in Gen.Enum<ElementType>()
            from shape in Gen.Int[0, 3].Array[0, 4]
            from data in Gen.Byte.Array[shape.Aggregate(1, (a, b) => a * b) * ElementTypes.SizeOf(type)]
            select new StateTensor(type, [.. shape.Select(size => (long)size)], data);
        Gen.Dictionary(Gen.String[0, 12], tensors)[0, 6]
            .Where(map => !map.ContainsKey("__metadata__") && map.Keys.All(IsWellFormed))
            .Sample(
                map =>
                {
                    SafetensorsFile.Write(path, map);
                    StateDict read = SafetensorsFile.Read(path);
                    return read.Count == map.Count && map.All(pair =>
                        read[pair.Key].Type == pair.Value.Type
                        && read[pair.Key].Shape.SequenceEqual(pair.Value.Shape)
                        && read[pair.Key].Data.Span.SequenceEqual(pair.Value.Data.Span));
                },
                iter: 200,
                threads: 1);
    }

    [Fact]
    public void Python_reads_what_is_written()
    {
        string path = Path.Combine(_folder, "python.safetensors");
        StateDict state = Sample();
        SafetensorsFile.Write(path, state);

        using JsonDocument seen = JsonDocument.Parse(
            RunPython(Path.Combine(RepositoryRoot.Path, "eng", "read_safetensors.py"), path));

        Assert.Equal(state.Names, seen.RootElement.GetProperty("names").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal("12", seen.RootElement.GetProperty("metadata").GetProperty("epoch").GetString());
        foreach ((string name, StateTensor tensor) in state)
        {
            JsonElement other = seen.RootElement.GetProperty("tensors").GetProperty(name);
            Assert.Equal(ElementTypes.NameOf(tensor.Type), other.GetProperty("dtype").GetString());
            Assert.Equal(tensor.Shape, other.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()));
            Assert.Equal(
                tensor.ToDoubles(),
                other.GetProperty("values").EnumerateArray().Select(value => value.ValueKind switch
                {
                    JsonValueKind.True => 1.0,
                    JsonValueKind.False => 0.0,
                    _ => value.GetDouble(),
                }));
        }
    }

    [Fact]
    public void The_header_is_padded_so_that_every_tensor_is_aligned_to_its_element()
    {
        string path = Path.Combine(_folder, "aligned.safetensors");
        SafetensorsFile.Write(path, Sample());

        byte[] bytes = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, length));

        Assert.Equal(0, length % 8);
        foreach (JsonProperty entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            Assert.True(ElementTypes.TryParse(entry.Value.GetProperty("dtype").GetString(), out ElementType type));
            Assert.Equal(0, entry.Value.GetProperty("data_offsets")[0].GetInt64() % ElementTypes.SizeOf(type));
        }
    }

    [Theory]
    [InlineData("{", 0, "JSON")]
    [InlineData("[]", 0, "JSON object")]
    [InlineData("{}x", 0, "JSON")]
    [InlineData("{}", 4, "4 bytes follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "does not fill")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "does not fill")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "integers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "integers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "before it begins")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 8, "more than 2")]
    [InlineData("""{"a":{"dtype":"Q7","shape":[1],"data_offsets":[0,4]}}""", 4, "Q7")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "lacks")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, "unknown field")]
    [InlineData("""{"a":7}""", 0, "not an object")]
    [InlineData("""{"__metadata__":{"a":7}}""", 0, "not a string")]
    [InlineData("""{"__metadata__":{"a":"7","a":"8"}}""", 0, "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[[[[[[[1]]]]]]]]]],"data_offsets":[0,4]}}""", 4, "integers")]
    public void An_invalid_header_is_rejected_with_the_reason(string header, int dataLength, string reason)
    {
        string path = WriteRaw(header, Encoding.UTF8.GetByteCount(header), dataLength);

        ModelException error = Assert.Throws<ModelException>(() => SafetensorsFile.Read(path));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(3UL)]
    public void A_header_length_beyond_the_file_or_the_limit_is_refused(ulong length)
    {
        string path = Path.Combine(_folder, "length.safetensors");
        byte[] bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        File.WriteAllBytes(path, bytes);

        Assert.Contains(
            "header claims", Assert.ThrowsAny<FocalSharpException>(() => SafetensorsFile.Read(path)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_size_in_a_small_file_is_rejected_before_allocating()
    {
        const string Header = """{"a":{"dtype":"F32","shape":[400000000],"data_offsets":[0,1600000000]}}""";
        string path = WriteRaw(Header, Header.Length, 4);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<ModelException>(() => SafetensorsFile.Read(path));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_000_000);
    }

    [Fact]
    public void Mutated_and_cut_files_never_fail_with_anything_but_a_user_error()
    {
        string path = Path.Combine(_folder, "mutated.safetensors");
        SafetensorsFile.Write(path, Sample());
        byte[] original = File.ReadAllBytes(path);
        Gen<(int Position, byte Value)[]> changes = Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte, (p, v) => (p, v))
            .Array[1, 4];
        Gen.Select(changes, Gen.Int[0, original.Length]).Sample(
            (mutations, length) =>
            {
                byte[] bytes = [.. original];
                foreach ((int position, byte value) in mutations)
                {
                    bytes[position] = value;
                }

                File.WriteAllBytes(path, length % 3 == 0 ? bytes[..length] : bytes);
                try
                {
                    SafetensorsFile.Read(path);
                }
                catch (FocalSharpException)
                {
                    // An error is one of the two correct outcomes.
                }
            },
            iter: 2000,
            threads: 1);
    }

    [Theory]
    [InlineData(0x80)]
    [InlineData(0x4b50)]
    public void A_header_length_that_looks_like_another_signature_is_read_correctly(int length)
    {
        // The note is as long as makes the header's length spell pickle's or zip's signature.
        const string Header = """{"__metadata__":{"note":"?"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        string header = Header.Replace("?", new string('x', length - Header.Length + 1), StringComparison.Ordinal);
        string path = WriteRaw(header, length, 4);

        Assert.Equal(["a"], Checkpoint.Read(path).Weights.Names);
    }

    [Fact]
    public void A_missing_file_is_named_in_the_error() =>
        Assert.Contains("absent.safetensors", Assert.Throws<FileException>(
            () => SafetensorsFile.Read(Path.Combine(_folder, "absent.safetensors"))).Message, StringComparison.Ordinal);

    private static StateDict Sample() => new(
        [
            new("flag", new StateTensor(ElementType.Bool, [3], new byte[] { 1, 0, 1 })),
            new("weight", StateTensor.From([1.5f, -2f, 3.25f, 0f, float.MaxValue, float.Epsilon], 2, 3)),
            new("scalar", StateTensor.From([7L])),
            new("empty", StateTensor.From(ReadOnlySpan<float>.Empty, 0, 3)),
            new("name with \"quotes\" and ü", StateTensor.From([1f], 1)),
            new("half", new StateTensor(ElementType.F16, [2], new byte[] { 0x00, 0x3c, 0x00, 0xc0 })),
            new("brain", new StateTensor(ElementType.BF16, [2], new byte[] { 0xc0, 0x3f, 0x40, 0xc0 })),
            new("double", new StateTensor(ElementType.F64, [1], BitConverter.GetBytes(1.0 / 3))),
            new("byte", StateTensor.From(new byte[] { 0, 255 }, 2)),
            new("short", new StateTensor(ElementType.I16, [1], BitConverter.GetBytes((short)-5))),
        ],
        new Dictionary<string, string> { ["epoch"] = "12", ["note"] = "größer" });

    private static bool IsWellFormed(string text)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static string RunPython(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed");
            return "";
        }
    }

    private string WriteRaw(string header, int length, int dataLength)
    {
        string path = Path.Combine(_folder, "raw.safetensors");
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
        File.WriteAllBytes(path, [.. prefix, .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]]);
        return path;
    }
}
