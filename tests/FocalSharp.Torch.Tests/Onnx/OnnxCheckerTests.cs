using System.Diagnostics;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Onnx;

namespace FocalSharp.Torch.Tests.Onnx;

/// <summary>The public checker's word on the files: Debian's <c>python3-onnx</c>.</summary>
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class OnnxCheckerTests
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import sys, onnx
        from onnx import shape_inference
        model = onnx.load(sys.argv[1])
        onnx.checker.check_model(model, full_check=True)
        inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
        known = {v.name for v in list(inferred.graph.value_info) + list(inferred.graph.output)}
        unknown = [o for n in inferred.graph.node for o in n.output if o and o not in known]
        assert not unknown, 'no type inferred for ' + ', '.join(unknown)
        print(len(model.graph.node), 'nodes')
        """;

    // Debian's checker knows operators up to opset 17; deformable convolutions are of opset 19.
    public static TheoryData<string> Names => [.. OnnxModels.Names.Select(row => row.Data).Where(name => name is not ("deformable" or "deformable-1" or "res2net"))];

    public static TheoryData<string, ModelVariant, bool> Cases => new(
        from name in Names.Select(row => row.Data)
        from variant in Enum.GetValues<ModelVariant>()
        from half in (bool[])[false, true]
        where !half || variant == ModelVariant.Detections
        select (name, variant, half));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Passes_the_checker_with_full_shape_inference(string name, ModelVariant variant, bool half)
    {
        RequireChecker();
        using GflDetector detector = OnnxModels.Create(name);
        Check(OnnxExporter.Export(detector, new() { Variant = variant, Half = half }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Eight_bit_files_pass_too(string name)
    {
        RequireChecker();
        using GflDetector detector = OnnxModels.Create(name);
        Check(OnnxQuantizerTests.Quantize(OnnxExporter.Export(detector), OnnxModels.CreateImages(seed: 1, 1, 64, 64), 64, 64));
    }

    private static void Check(OnnxModel model)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("focalsharp-onnx-").FullName, "model.onnx");
        try
        {
            using (FileStream stream = File.Create(path))
            {
                model.Write(stream);
            }

            (int code, string said) = Run("-c", Script, path);
            Assert.True(code == 0, said);
            Assert.EndsWith("nodes\n", said, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static void RequireChecker()
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is absent; on Debian: apt-get install -y python3-onnx");
        (int code, string said) = Run("-c", "import onnx");
        Assert.SkipUnless(code == 0, $"the ONNX checker is absent ({said.Trim()}); on Debian: apt-get install -y python3-onnx");
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + errors.Result);
    }
}
