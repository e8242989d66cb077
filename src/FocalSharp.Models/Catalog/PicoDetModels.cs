using System.Globalization;

namespace FocalSharp.Models.Catalog;

/// <summary>
/// The published PicoDet exports, at pinned commits. Those with a SHA-256 were downloaded and evaluated; the others are known by their git ids only.
/// The copies of the first generation are from a repository without a license file of its own; the model and its weights are PaddleDetection's.
/// </summary>
internal static class PicoDetModels
{
    private const string FirstUrl = "https://raw.githubusercontent.com/hpc203/picodet-onnxruntime/dfe4d6cd0a18cd4126ee381e81df8a0b1e6ad97b/coco/";

    private const string SecondUrl =
        "https://raw.githubusercontent.com/PaddlePaddle/PaddleDetection/4e8cb7cd1c8d9c69ea40da74a0c4720d7b986166/deploy/third_engine/demo_openvino/python/out_onnxsim/";

    /// <summary>Gets all entries, small models first.</summary>
    public static IReadOnlyList<ModelEntry> Entries { get; } =
    [
        CreateSecond("xs", 320, 23.5, 0.70, 0.33, 2_859_300, sha256: "e83deca19863b127e702ae340ed7f7455334471886f0251413be459142a08aec"),
        CreateSecond("xs", 416, 26.2, 0.70, 0.56, 2_859_304, sha256: "8059fe99225b95298e90e00e2fd88b6803d4564b20d18315ef609eb851b2bae9"),
        CreateFirst("s", 320, 27.1, 0.99, 0.35, 4_040_569, sha256: "d7852a1508b36bfc2739770ad52ff28bf81e219dc5c15dd7868d5ebdf007b6c8"),
        CreateFirst("s", 416, 30.7, 0.99, 0.59, 4_040_573, sha256: "cdab77bdde16e4f76bec734c4e5791801d1739e4c7ec1995e0e110e04300d0c2"),
        CreateSecond("s", 320, 29.1, 1.18, 0.48, gitBlobId: "1adb80929bdbfa9b0e89c7141eb26ea0523d0d48"),
        CreateSecond("s", 416, 32.5, 1.18, 0.81, gitBlobId: "b0232cfacae9262eebfbd2bcb47e019d0244f301"),
        CreateFirst("m", 320, 30.9, 2.15, 0.72, gitBlobId: "0ff0eada3d2d4baf8c24604b91023174df571025"),
        CreateFirst("m", 416, 34.8, 2.15, 1.21, gitBlobId: "ec5749b1130694b58fe9c062eee019006e31593b"),
        CreateSecond("m", 320, 34.4, 3.46, 1.27, gitBlobId: "06e3f5110c904fef5ec5e90318944febdf66868d"),
        CreateSecond("m", 416, 37.5, 3.46, 2.15, gitBlobId: "4668fece7a0744efef7cfb5aa41b44b945d141c1"),
        CreateSecond("l", 320, 36.1, 5.80, 2.08, gitBlobId: "778c2a83264e077c85521f9479c47e290bce806d"),
        CreateSecond("l", 416, 39.4, 5.80, 3.53, gitBlobId: "dd13536cab45bab16782c9350922baa01ae814e1"),
        CreateSecond("l", 640, 42.6, 5.80, 8.34, gitBlobId: "5f75028562f12af47abdae8710bd92dcf7f1d0bd"),
    ];

    private static ModelEntry CreateFirst(string variant, int size, double ap, double parameters, double multiplyAdds, long? bytes = null, string sha256 = "", string gitBlobId = "") =>
        Create($"picodet-{variant}-{size}-coco", $"{FirstUrl}picodet_{variant}_{size}_coco.onnx", "2021", variant, size, ap, parameters, multiplyAdds, bytes, sha256, gitBlobId);

    // XS and L have one generation here, so that their names need no addition.
    private static ModelEntry CreateSecond(string variant, int size, double ap, double parameters, double multiplyAdds, long? bytes = null, string sha256 = "", string gitBlobId = "") => Create(
        $"picodet-{variant}-{(variant is "s" or "m" ? "lcnet-" : "")}{size}-coco",
        $"{SecondUrl}picodet_{variant}_{size}_processed.onnx",
        "2022",
        variant,
        size,
        ap,
        parameters,
        multiplyAdds,
        bytes,
        sha256,
        gitBlobId);

    private static ModelEntry Create(
        string name, string address, string year, string variant, int size, double ap, double parameters, double multiplyAdds, long? bytes, string sha256, string gitBlobId)
    {
        HttpModelSource source = new()
        {
            Url = new Uri(address),
            HashPrefix = sha256,
            GitBlobId = gitBlobId,
            ApproximateBytes = bytes ?? (long)(parameters * 4e6),
        };
        string untried = gitBlobId.Length > 0 ? "; its address was never tried" : "";
        return new ModelEntry(source)
        {
            Name = name,
            Summary = string.Create(
                CultureInfo.InvariantCulture,
                $"PicoDet-{variant.ToUpperInvariant()} of {year}, COCO's 80 classes, {size} px, {parameters:0.0#} M parameters{untried}"),
            IsDetector = true,
            Conversion = ModelConversion.PicoDetOnnx,
            License = "Apache-2.0 (PaddleDetection: PaddlePaddle Authors)",
            Notice = ModelNotices.PicoDet,
            PublishedScore = string.Create(CultureInfo.InvariantCulture, $"AP {ap:0.0} on COCO val2017"),
            Figures = new ModelFigures(ap, size, size, parameters, multiplyAdds),
        };
    }
}
