namespace FocalSharp.Evaluation.Coco;

/// <summary>What is known about an image's categories in a federated data set (LVIS, Open Images).</summary>
/// <param name="Negative">Category ids that are verified to be absent.</param>
/// <param name="NotExhaustive">Category ids whose objects are not all annotated.</param>
internal sealed record ImageVerification(HashSet<int> Negative, HashSet<int> NotExhaustive);
