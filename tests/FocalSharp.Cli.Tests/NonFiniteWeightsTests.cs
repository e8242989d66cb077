using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

/// <summary>Weights with NaN or infinity detect nothing; every command refuses them in one sentence that names the tensor.</summary>
public sealed class NonFiniteWeightsTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Theory]
    [InlineData("predict MODEL IMAGE --no-images --json OUT", float.NaN)]
    [InlineData("predict MODEL IMAGE --no-images --json OUT", float.PositiveInfinity)]
    [InlineData("eval MODEL DATA", float.NaN)]
    [InlineData("export MODEL --out OUT.onnx", float.NaN)]
    [InlineData("serve MODEL --port 0", float.NaN)]
    [InlineData("train DATA --weights MODEL --out RUN --epochs 1", float.NegativeInfinity)]
    public async Task Weights_are_refused(string command, float value)
    {
        (string model, string tensor) = TinyModel.SaveNonFinite(_sample.PathOf("bad.safetensors"), value);
        ToolResult run = await ToolResult.InvokeAsync(Fill(command, model));
        run.AssertUserError(model, $"tensor '{tensor}' contains NaN or infinity");
    }

    [Theory]
    [InlineData("predict MODEL IMAGE --no-images --json OUT")]
    [InlineData("serve MODEL --port 0")]
    [InlineData("eval MODEL DATA")]
    public async Task Onnx_files_are_refused(string command)
    {
        (string model, _) = TinyModel.SaveNonFinite(_sample.PathOf("bad.onnx"), float.NaN);
        ToolResult run = await ToolResult.InvokeAsync(Fill(command, model));
        run.AssertUserError(model, "contains NaN or infinity");
    }

    public void Dispose() => _sample.Dispose();

    private string[] Fill(string command, string model)
    {
        string data = _sample.Labeled();
        return [.. command.Split(' ').Select(word => word switch
        {
            "MODEL" => model,
            "IMAGE" => _sample.PathOf("yolo", "images", "val", "b.bmp"),
            "DATA" => data,
            "RUN" => _sample.PathOf("run"),
            _ => word.Replace("OUT", _sample.PathOf("out"), StringComparison.Ordinal),
        })];
    }
}
