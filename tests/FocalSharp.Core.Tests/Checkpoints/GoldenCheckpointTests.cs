using System.Text.Json;
using FocalSharp.Checkpoints;

namespace FocalSharp.Core.Tests.Checkpoints;

/// <summary>Files that PyTorch itself wrote.</summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GoldenCheckpointTests
{
    [Fact]
    public void Strides_offsets_shared_storages_and_every_type_are_read_as_PyTorch_reads_them()
    {
        using JsonDocument expected = JsonDocument.Parse(
            File.ReadAllText(GoldenData.Require("checkpoint", "tricky_expected.json")));
        expected.RootElement.RequireElements();
        string[] files = Directory.GetFiles(GoldenData.Require("checkpoint"), "tricky_*.pth");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            StateDict weights = Checkpoint.Read(file).Weights;
            Assert.Equal(expected.RootElement.EnumerateObject().Select(entry => entry.Name).Order(), weights.Names.Order());
            foreach (JsonProperty entry in expected.RootElement.EnumerateObject())
            {
                StateTensor tensor = weights[entry.Name];
                Assert.Equal(entry.Value.GetProperty("dtype").GetString(), TorchName(tensor.Type));
                Assert.Equal(entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), tensor.Shape);
                double[] values = [.. entry.Value.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
                double deviation = values.Length == tensor.Count
                    ? values.Zip(tensor.ToDoubles(), (a, b) => a.Equals(b) ? 0 : Math.Abs(a - b)).DefaultIfEmpty().Max()
                    : double.PositiveInfinity;
                GoldenReport.Record("checkpoint/tricky", $"{Path.GetFileName(file)}/{entry.Name}", deviation, 0);
            }
        }
    }

    [Fact]
    public void Training_history_in_a_real_checkpoint_is_not_executed()
    {
        Checkpoint read = Checkpoint.Read(GoldenData.Require("checkpoint", "mmengine_epoch_36.pth"));

        Assert.Equal("state_dict", read.WeightsKey);
        Assert.Contains("mmengine.logging.history_buffer.HistoryBuffer", read.Ignored);
        Assert.Empty(read.Skipped);
        Assert.Equal(read.Details["epoch"], System.Text.RegularExpressions.Regex.Match("mmengine_epoch_36.pth", @"\d+").Value);
        Assert.NotNull(read.Classes);
    }

    private static string TorchName(ElementType type) => type switch
    {
        ElementType.F32 => "float32",
        ElementType.F64 => "float64",
        ElementType.F16 => "float16",
        ElementType.BF16 => "bfloat16",
        ElementType.I64 => "int64",
        ElementType.I32 => "int32",
        ElementType.I16 => "int16",
        ElementType.I8 => "int8",
        ElementType.U8 => "uint8",
        ElementType.Bool => "bool",
        _ => ElementTypes.NameOf(type),
    };
}
